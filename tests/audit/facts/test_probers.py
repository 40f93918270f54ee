"""Who probes a project, by what it declares and by the files of its repository."""

import pytest

from django_prodready.audit.facts.probers import find_probers, is_asked_for
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

ANYBODY = ["10.42.0.7:8000", "localhost:8000", "10.42.0.7"]

POD = """
spec:
  containers:
    - name: web
      livenessProbe:
        httpGet:
          path: /health/
          port: 8000
          httpHeaders:
            - name: Host
              value: {host}
"""
FETCH = """
from urllib.request import Request, urlopen

host = ALLOWED_HOSTS[0]
urlopen(Request("http://localhost:8000/health/", headers={"Host": host}))
"""


TERRAFORM = """
liveness_probe {
  http_get {
    http_header {
      name  = "Host"
      value = "a.example"
"""
COMPOSE = """
web:
  healthcheck:
    test: ["CMD", "curl", "-H", "Host: a.example", "localhost"]
"""


def probers(files=None, facts=None, hosts=("www.example.org",)):
    settings = {"PRODREADY": {"FACTS": facts or {}}, "ALLOWED_HOSTS": list(hosts)}
    with project(Case(files=files or {}, settings=settings)) as known:
        return find_probers(known)


def hosts_of(found):
    return [prober.host for prober in found.all]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Dockerfile": "FROM python\nHEALTHCHECK NONE\n"},
        {"Dockerfile": "FROM python\n# HEALTHCHECK CMD curl -H 'Host: a.example' http://localhost/\n"},
        {"compose.yml": "services:\n  db:\n    healthcheck:\n      test: pg_isready\n"},
        {"nginx.conf": "proxy_set_header Host a.example;\n"},
        {"smoke.sh": "curl -H 'Host: a.example' http://localhost/\n"},
        {"docs/pod.yaml": POD.format(host="a.example")},
        {"pod.yaml": "kind: Pod\nspec:\n  env:\n    - name: HOST\n      value: a.example\n"},
        {"pod.yaml": "livenessProbe:\n  tcpSocket:\n    port: 8000\n"},
    ],
)
def test_without_a_sign_it_may_be_anybody(files):
    found = probers(files)
    assert hosts_of(found) == ANYBODY
    assert found.seen == frozenset()


@pytest.mark.parametrize(
    ("files", "seen"),
    [
        (
            {"Dockerfile": "HEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost:8000/health/\n"},
            {"Docker"},
        ),
        ({"docker/web.dockerfile": "HEALTHCHECK CMD wget -q localhost:8000/health/\n"}, {"Docker"}),
        (
            {"Dockerfile": "HEALTHCHECK CMD ./probe.sh\n", "bin/probe.sh": "curl -f localhost:8000\n"},
            {"Docker"},
        ),
        ({"compose.yml": 'web:\n  healthcheck:\n    test: ["CMD", "curl", "-f", "localhost"]\n'}, {"Docker"}),
        ({"pod.yaml": "readinessProbe:\n  httpGet:\n    path: /ready/\n"}, {"kubelet"}),
        ({"main.tf": "readiness_probe {\n  http_get {\n    path = '/ready/'\n"}, {"kubelet"}),
        (
            {
                "Dockerfile": "HEALTHCHECK CMD curl -f localhost\n",
                "pod.yml": "livenessProbe:\n  httpGet: {path: /}\n",
            },
            {"Docker", "kubelet"},
        ),
    ],
)
def test_a_probe_in_the_repository_tells_who_asks(files, seen):
    found = probers(files)
    assert hosts_of(found) == ANYBODY
    assert found.seen == seen


@pytest.mark.parametrize(
    ("files", "host"),
    [
        ({"deploy/pod.yaml": POD.format(host="a.example")}, "a.example"),
        ({"deploy/pod.yaml": POD.format(host='"a.example"')}, "a.example"),
        ({"chart/web.yaml": POD.format(host="{{ .Values.host }}")}, "www.example.org"),
        (
            {"pod.yaml": "livenessProbe:\n  httpGet:\n    httpHeaders: [{name: Host, value: a.example}]\n"},
            "a.example",
        ),
        (
            {"pod.yaml": "livenessProbe:\n  exec:\n    command: [curl, -H, 'Host: a.example', localhost]\n"},
            "a.example",
        ),
        ({"main.tf": TERRAFORM}, "a.example"),
        ({"Dockerfile": "HEALTHCHECK CMD curl -fH 'Host: a.example' localhost || exit 1\n"}, "a.example"),
        ({"Dockerfile": "HEALTHCHECK CMD curl -f -H 'Host: a.example' localhost || exit 1\n"}, "a.example"),
        ({"Dockerfile": 'HEALTHCHECK CMD curl --header="Host: $SITE" localhost\n'}, "www.example.org"),
        (
            {"Dockerfile": "HEALTHCHECK CMD ./fetchstatus.py\n", "docker/fetchstatus.py": FETCH},
            "www.example.org",
        ),
        ({"compose.yml": COMPOSE}, "a.example"),
    ],
)
def test_a_probe_that_sends_a_host_is_the_only_one(files, host):
    found = probers(files)
    assert hosts_of(found) == [host]
    assert found.seen == {found.all[0].name}


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        (["www.example.org", "172.16.0.4"], "172.16.0.4"),
        (["127.0.0.1", "0.0.0.0", None, "172.16.0.4"], "172.16.0.4"),
        (["127.0.0.1", "[::1]", "*"], "10.42.0.7"),
    ],
)
def test_an_address_that_is_allowed_is_the_one_that_is_asked(hosts, address):
    found = probers(hosts=hosts)
    assert hosts_of(found) == [f"{address}:8000", "localhost:8000", address]


@pytest.mark.parametrize(
    "source",
    [
        "ALLOWED_HOSTS = [env('POD_IP')]",
        "HOST_IP = requests.get('http://169.254.169.254/latest/meta-data/local-ipv4').text",
        "ALLOWED_HOSTS.append(socket.gethostbyname(socket.gethostname()))",
        "URI = os.environ['ECS_CONTAINER_METADATA_URI_V4']",
    ],
)
def test_settings_that_compute_their_address_leave_a_doubt(source):
    with project(Case(files={"conf.py": f"{source}\n"}, settings_module="conf")) as known:
        doubts = [prober.doubt for prober in find_probers(known).all]
    assert doubts == [
        "conf.py may allow the address that it runs on",
        "",
        "conf.py may allow the address that it runs on",
    ]


@pytest.mark.parametrize("source", ["# POD_IP", "HOST = 'www.example.org'", "SKIP_IPS = True"])
def test_other_settings_leave_none(source):
    with project(Case(files={"conf.py": f"{source}\n"}, settings_module="conf")) as known:
        assert not any(prober.doubt for prober in find_probers(known).all)


def test_an_app_that_allows_the_address_leaves_a_doubt():
    case = Case(files={"ebhealthcheck/__init__.py": ""}, settings={"INSTALLED_APPS": ["ebhealthcheck"]})
    with project(case) as known:
        assert "django-ebhealthcheck" in find_probers(known).all[0].doubt


def test_a_computed_host_needs_one_that_is_allowed():
    assert hosts_of(probers({"pod.yaml": POD.format(host="$HOST")}, hosts=[])) == ["10.42.0.7"]


@pytest.mark.parametrize(
    ("facts", "hosts"),
    [
        ({"probe_host": "a.example"}, ["a.example"]),
        ({"probe_host": "a.example", "platform": "kubernetes"}, ["a.example"]),
        ({"platform": "Sevalla"}, ["10.42.0.7:8000"]),
        ({"platform": "Docker Compose"}, ["localhost:8000"]),
        ({"platform": "AWS"}, ["10.42.0.7"]),
        ({"platform": "railway"}, ["healthcheck.railway.app"]),
        ({"platform": "render"}, ["www.example.org"]),
        ({"platform": "heroku"}, []),
        ({"platform": "a server in the cellar"}, ANYBODY),
    ],
)
def test_what_is_declared_decides(facts, hosts):
    assert hosts_of(probers(facts=facts)) == hosts


def test_a_host_in_the_repository_outweighs_the_platform_and_not_the_declaration():
    files = {"deploy/pod.yaml": POD.format(host="a.example")}
    assert hosts_of(probers(files, {"platform": "kubernetes"})) == ["a.example"]
    assert hosts_of(probers(files, {"probe_host": "b.example"})) == ["b.example"]


def test_a_pod_has_no_public_address():
    files = {"deploy/web.yaml": POD.partition("          httpHeaders")[0]}
    hosts = ("www.example.org", "8.8.8.8")
    assert "8.8.8.8" in hosts_of(probers(hosts=hosts))
    assert hosts_of(probers(files, hosts=hosts)) == ANYBODY
    assert hosts_of(probers(facts={"platform": "kubernetes"}, hosts=hosts)) == ANYBODY[:1]


@pytest.mark.parametrize(
    ("probe", "is_asked"),
    [
        ("curl -f http://localhost:8000/health/", True),
        ("curl -f http://localhost:8000/health || exit 1", True),
        ("wget -q '/health/'", True),
        ("curl -f http://localhost:8000/api/health/", False),
        ("curl -f http://localhost:8000/health/ready/", False),
        ("curl -f http://localhost:8000/healthz", False),
    ],
)
def test_a_probe_in_the_repository_tells_which_path_it_asks(probe, is_asked):
    with project(Case(files={"Dockerfile": f"HEALTHCHECK CMD {probe}\n"})) as facts:
        assert is_asked_for(facts, "/health/") is is_asked
