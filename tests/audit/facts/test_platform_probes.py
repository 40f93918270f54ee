"""Probes that files of a repository declare."""

import pytest

from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.platform_probes import Kind, asks
from django_prodready.audit.facts.probers import is_asked_for

POD = """
containers:
  - name: web
    livenessProbe:
      httpGet:
        path: /health/
        port: 8000
      timeoutSeconds: 2
    readinessProbe:
      httpGet: {path: /ready/?format=json, port: 8000}
    startupProbe:
      exec:
        command: ["curl", "-f", "-H", "Authorization: Bearer $T", "http://localhost:8000/startup/"]
    path: /elsewhere/
  - name: db
    readinessProbe:
      exec:
        command: [pg_isready]
"""
TERRAFORM = """
liveness_probe {
  http_get {
    path = "/livez"
  }
  timeout_seconds = 4
}
"""
COMPOSE = """
services:
  db:
    healthcheck:
      test: pg_isready
      timeout: 1s
  web:
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000"]
      timeout: 1500ms
  other:
    healthcheck:
      test: ./probe.sh
      interval: 5s
"""
IMAGE = """
FROM python
HEALTHCHECK --timeout=3s \\
    CMD curl -f http://localhost:8000/health/ || exit 1
RUN curl http://example.org/install
"""


@pytest.fixture
def probes(tmp_path):
    def find(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        found = Facts(root=tmp_path, settings_module=None).platform_probes
        return [(p.kind, p.path, p.query, str(p.at), p.timeout_s, p.has_credentials) for p in found]

    return find


def test_pods(probes):
    assert probes(web_yaml=POD) == [
        (Kind.LIVENESS, "/health/", "", "web.yaml:4", 2.0, False),
        (Kind.READINESS, "/ready/", "format=json", "web.yaml:9", 1.0, False),
        (Kind.STARTUP, "/startup/", "", "web.yaml:11", 1.0, True),
    ]
    assert probes(web_yaml="", pod_tf=TERRAFORM) == [(Kind.LIVENESS, "/livez", "", "pod.tf:2", 4.0, False)]


def test_compose_and_the_scripts_that_it_calls(probes):
    script = "curl -u me:$PASSWORD http://localhost/ready/\n"
    assert probes(compose_yml=COMPOSE, probe_sh=script) == [
        (Kind.CONTAINER, "/", "", "compose.yml:8", 1.5, False),
        (Kind.CONTAINER, "/ready/", "", "compose.yml:12", None, True),
    ]


def test_images(probes):
    assert probes(Dockerfile=IMAGE) == [(Kind.CONTAINER, "/health/", "", "Dockerfile:3", 3.0, False)]
    assert probes(Dockerfile="HEALTHCHECK NONE\n") == []
    assert probes(Dockerfile="HEALTHCHECK CMD true\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("render_yaml", "services:\n  - type: web\n    healthCheckPath: /health/\n"),
        ("railway_json", '{"deploy": {\n  "healthcheckPath": "/health/"\n}}'),
        ("railway_toml", '[deploy]\n\nhealthcheckPath = "/health/"\n'),
        ("app_yaml", "services:\n- health_check:\n    http_path: /health/\n"),
    ],
)
def test_files_of_platforms(probes, name, text):
    ((kind, path, *_),) = probes(**{name: text})
    assert (kind, path) == (Kind.PLATFORM, "/health/")


@pytest.mark.parametrize("name", ["docs__web_yaml", "tests__compose_yml", "docker-compose_dev_yml"])
def test_what_is_not_production_does_not_count(probes, name):
    assert probes(**{name: POD + COMPOSE}) == []


def test_comments_do_not_count(probes):
    assert probes(web_yaml="# livenessProbe:\n#   httpGet: {path: /health/}\n") == []


def test_a_secret_in_the_query_is_no_credential_of_the_probe(probes):
    text = "livenessProbe:\n  httpGet: {path: '/health/?token=abc', port: 80}\n"
    ((*_, query, _, _, has_credentials),) = probes(web_yaml=text)
    assert (query, has_credentials) == ("token=abc", False)


def test_a_path_is_asked_with_and_without_its_slash(tmp_path):
    (tmp_path / "render.yaml").write_text("healthCheckPath: /health\n")
    facts = Facts(root=tmp_path, settings_module=None)
    (probe,) = facts.platform_probes
    assert asks(probe, "/health/")
    assert not asks(probe, "/healthz")
    assert is_asked_for(facts, "/health/")
    assert not is_asked_for(facts, "/healthz")
