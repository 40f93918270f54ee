import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"


def judge(drain_s, files=None, *, platform=None, environ=None, middleware=(OURS,)):
    facts = {"platform": platform} if platform else {}
    return run_check(
        "health.drain-over-grace",
        settings={
            "MIDDLEWARE": list(middleware),
            "PRODREADY": {"DRAIN_SECONDS": drain_s, "FACTS": facts},
        },
        files=files or {},
        environ=environ,
    )


def said(result):
    return [(finding.subject, finding.at and str(finding.at)) for finding in result.findings]


def test_is_not_applicable_without_a_drain():
    assert judge(0, {"Procfile": "web: gunicorn shop.wsgi\n"}).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_when_nothing_is_known():
    assert judge(600).outcome is Outcome.PASS
    assert judge(600, {"Dockerfile": "FROM python\nRUN pip install gunicorn\n"}).outcome is Outcome.PASS
    assert judge(600, {"Procfile": "web: uvicorn shop.asgi:application\n"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "grace", "at"),
    [
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, "30 s, its default,", None),
        ({"Dockerfile": 'CMD ["gunicorn", "shop.wsgi"]\n'}, "30 s, its default,", None),
        ({"Procfile": "web: gunicorn shop.wsgi --graceful-timeout 20\n"}, "20 s", "Procfile:1"),
        ({"Procfile": "web: gunicorn shop.wsgi --graceful-timeout=20\n"}, "20 s", "Procfile:1"),
        (
            {"Dockerfile": 'FROM p\nCMD ["gunicorn", "--graceful-timeout", "20", "s.wsgi"]\n'},
            "20 s",
            "Dockerfile:2",
        ),
        ({"gunicorn.conf.py": "bind = ':80'\ngraceful_timeout = 25\n"}, "25 s", "gunicorn.conf.py:2"),
        ({"gunicorn.conf.py": "bind = ':80'\n"}, "30 s, its default,", None),
    ],
)
def test_gunicorn_kills_its_workers(files, grace, at):
    (finding,) = judge(30, files).findings
    assert finding.message == (
        f"DRAIN_SECONDS is 30 s, and graceful_timeout of gunicorn is {grace} after SIGTERM: the process is"
        " killed while it drains."
    )
    assert (finding.at and str(finding.at)) == at
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: gunicorn shop.wsgi --graceful-timeout 90\n"},
        {"Procfile": "web: gunicorn shop.wsgi\n", "gunicorn.conf.py": "graceful_timeout = 90\n"},
        {"Procfile": "web: gunicorn shop.wsgi --graceful-timeout $GRACE\n"},
        {"gunicorn.conf.py": "import os\ngraceful_timeout = int(os.environ['GRACE'])\n"},
        {"requirements.txt": "gunicorn==27.0\n"},
        {"docs/run.sh": "gunicorn shop.wsgi\n"},
        {"dev.sh": "pip install gunicorn\n"},
    ],
    ids=str,
)
def test_what_grants_more_or_cannot_be_told_is_silent(files):
    assert judge(40, files).outcome is Outcome.PASS


def test_the_strictest_counts():
    files = {
        "Procfile": "web: gunicorn --graceful-timeout 90 a.wsgi\n",
        "gunicorn.conf.py": "graceful_timeout = 9\n",
    }
    assert said(judge(10, files)) == [("graceful_timeout", "gunicorn.conf.py:1")]


def test_the_environment_sets_it_too():
    environ = {"GUNICORN_CMD_ARGS": "--graceful-timeout 5"}
    result = judge(10, {"Procfile": "web: gunicorn shop.wsgi\n"}, environ=environ)
    assert said(result) == [("graceful_timeout", None)]
    assert judge(29, {"Procfile": "web: gunicorn shop.wsgi\n"}).outcome is Outcome.PASS


POD = """
kind: Deployment
spec:
  template:
    spec:
{grace}      containers:
        - name: web
          command: [{command}]
"""


@pytest.mark.parametrize(
    ("grace", "message"),
    [("", "30 s, its default,"), ("      terminationGracePeriodSeconds: 20\n", "20 s after")],
)
def test_the_pod_is_killed(grace, message):
    (finding,) = judge(30, {"k8s/web.yaml": POD.format(grace=grace, command="uvicorn, shop.asgi")}).findings
    assert f"terminationGracePeriodSeconds of the pod is {message}" in finding.message
    assert finding.at.file == "k8s/web.yaml"


@pytest.mark.parametrize(
    ("grace", "command"),
    [
        ("      terminationGracePeriodSeconds: 60\n", "uvicorn, shop.asgi"),
        ("      terminationGracePeriodSeconds: {{ .Values.grace }}\n", "uvicorn, shop.asgi"),
        ("      terminationGracePeriodSeconds: 10\n", "redis-server"),
        ("      terminationGracePeriodSeconds: 10\n", "celery, -A, shop, worker"),
    ],
)
def test_pods_that_wait_or_are_another_s_are_silent(grace, command):
    assert judge(30, {"k8s/web.yaml": POD.format(grace=grace, command=command)}).outcome is Outcome.PASS


def test_each_document_is_a_pod_of_its_own():
    redis = POD.format(grace="      terminationGracePeriodSeconds: 5\n", command="redis-server")
    web = POD.format(grace="      terminationGracePeriodSeconds: 25\n", command="uvicorn")
    result = judge(25, {"all.yaml": f"{redis}---{web}"})
    assert said(result) == [("terminationGracePeriodSeconds", "all.yaml:15")]
    assert judge(25, {"staging/all.yaml": web}).outcome is Outcome.PASS


def test_a_pod_that_is_probed_on_our_path_is_this_site_s():
    probed = POD.format(grace="", command="./start") + "          livenessProbe:\n            httpGet:\n"
    probed += "              path: /health/\n"
    other = POD.format(grace="", command="./start")
    assert said(judge(30, {"a.yaml": f"{other}---{probed}"})) == [
        ("terminationGracePeriodSeconds", "a.yaml:14")
    ]
    assert judge(30, {"a.yaml": probed}, middleware=[]).outcome is Outcome.PASS


COMPOSE = """
x-common: &common
  restart: always
services:
  db:
    image: postgres
  web: &web
    <<: *common
    command: uvicorn shop.asgi:application
{grace}  worker:
    command: celery -A shop worker
    stop_grace_period: 1s
volumes:
  data:
"""


@pytest.mark.parametrize(
    ("grace", "message"),
    [
        ("", "10 s, its default, after"),
        ("    stop_grace_period: 9500ms\n", "9.5 s after"),
        ("    stop_grace_period: 5s\n", "5 s after"),
    ],
)
def test_the_service_is_killed(grace, message):
    (finding,) = judge(10, {"docker-compose.yml": COMPOSE.format(grace=grace)}).findings
    assert f"stop_grace_period of the service web is {message}" in finding.message
    assert finding.hint == (
        "Set stop_grace_period of the service web well above 10 s, or lower PRODREADY['DRAIN_SECONDS']."
    )


@pytest.mark.parametrize("period", ["1m30s", "30s", "${GRACE}", "soon"])
def test_a_service_that_waits_is_silent(period):
    text = COMPOSE.format(grace=f"    stop_grace_period: {period}\n")
    assert judge(10, {"docker-compose.yml": text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("docker-compose.dev.yml", COMPOSE.format(grace="")),
        ("docker-compose.yml", "volumes:\n  web:\n"),
        ("docker-compose.yml", "services:\n"),
        ("docker-compose.yml", "services:\n  db:\n    image: postgres\n"),
    ],
)
def test_other_compose_files_do_not_count(file, text):
    assert judge(20, {file: text}).outcome is Outcome.PASS


def test_a_service_that_is_probed_on_our_path_is_this_site_s():
    text = "services:\n  web:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost:8000/health/\n"
    assert said(judge(10, {"compose.yml": text})) == [("stop_grace_period", "compose.yml:2")]


@pytest.mark.parametrize(
    ("platform", "subjects"),
    [
        (None, ["terminationGracePeriodSeconds", "stop_grace_period"]),
        ("kubernetes", ["terminationGracePeriodSeconds"]),
        ("coolify", ["stop_grace_period"]),
        ("fly", ["terminationGracePeriodSeconds", "stop_grace_period"]),
    ],
)
def test_a_declared_platform_decides_which_files_count(platform, subjects):
    files = {"compose.yml": COMPOSE.format(grace=""), "web.yaml": POD.format(grace="", command="uvicorn")}
    assert [finding.subject for finding in judge(30, files, platform=platform).findings] == subjects
