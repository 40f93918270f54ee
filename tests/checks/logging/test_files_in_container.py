import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.model import Case
from django_prodready.audit.testing import judge as judge_project
from django_prodready.audit.testing import project, run_check

DOCKER = {"Dockerfile": "FROM python:3.13\n"}
MANIFEST = "kind: Deployment\nspec:\n  containers: []\n"


def config(root, path="/app/logs/django.log", **file):
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"debug": {"()": "django.utils.log.RequireDebugTrue"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler"},
            "file": {"class": "logging.handlers.RotatingFileHandler", "filename": path, **file},
        },
        "root": {"handlers": root},
    }


def judge(logging, files=DOCKER, settings_module=None, **settings):
    return run_check(
        "logging.files-in-container",
        settings={"LOGGING": logging, **settings},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("files", "sign"),
    [
        (DOCKER, "Dockerfile"),
        ({"deploy/Containerfile": "FROM python\n"}, "deploy/Containerfile"),
        ({"fly.toml": "app = 'shop'\n"}, "fly.toml"),
        ({"k8s/web.yaml": MANIFEST}, "k8s/web.yaml"),
    ],
)
def test_fires(files, sign):
    (finding,) = judge(config(["file"]), files).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        f"The handler 'file' logs to /app/logs/django.log, which vanishes with the container ({sign})."
    )


def test_fires_for_a_declared_platform():
    (finding,) = judge(config(["file"]), {}, PRODREADY={"FACTS": {"platform": "Fly.io"}}).findings
    assert "(the platform is Fly.io)" in finding.message


@pytest.mark.parametrize(
    ("root", "files"),
    [
        (["file", "console"], DOCKER),
        (["file"], {**DOCKER, "site1/wsgi.py": "import logging\nlogging.basicConfig()\n"}),
    ],
)
def test_only_mentions_files_beside_a_console(root, files):
    (finding,) = judge(config(root), files).findings
    assert finding.severity is Severity.INFO
    assert finding.message.endswith("(Dockerfile); the console has the same records.")


def test_a_console_of_another_logger_does_not_count():
    logging = {**config(["console"]), "loggers": {"shop": {"handlers": ["file"], "propagate": False}}}
    (finding,) = judge(logging).findings
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("/app/logs/django.log", {"compose.yml": "    volumes:\n      - logs:/app/logs\n"}),
        ("/app/logs/django.log", {"compose.yml": "    volumes:\n      - './data/logs:/app/logs:rw'\n"}),
        ("/logs/django.log", {"compose.yml": "    volumes:\n      - ${LOGS}:/logs\n"}),
        ("/app/logs/django.log", {"compose.yml": "      - type: bind\n        target: /app/logs\n"}),
        ("/app/logs/django.log", {"k8s.yaml": "volumeMounts:\n  - name: l\n    mountPath: /app/logs/\n"}),
        ("/app/logs/django.log", {"Dockerfile": 'FROM python\nVOLUME ["/app/logs"]\n'}),
        ("logs/django.log", {"compose.yml": "    volumes:\n      - logs:/app/logs\n"}),
    ],
)
def test_is_silent_for_a_volume(path, files):
    assert judge(config(["file"], path), {**DOCKER, **files}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("/app/logs/django.log", {"compose.yml": "    volumes:\n      - .:/app\n"}),
        (
            "/app/logs/django.log",
            {"compose.yml": "    volumes:\n      - data:/app/data\n    ports:\n - 8:8\n"},
        ),
        ("/app/logs/django.log", {"compose.yml": "    # - logs:/app/logs\n"}),
        ("/app/logs/django.log", {"compose.yml": "    volumes:\n      - data:/\n"}),
        ("django.log", {"compose.yml": "    volumes:\n      - data:/app/data\n"}),
    ],
)
def test_other_volumes_do_not_matter(path, files):
    assert judge(config(["file"], path), {**DOCKER, **files}).outcome is Outcome.FAIL


def test_is_silent_for_a_volume_below_the_projects_own_folder():
    files = {**DOCKER, "compose.yml": "    volumes:\n      - logs:/srv/shop/logs\n"}
    with project(Case(settings={"LOGGING": config(["file"])}, files=files)) as facts:
        facts.settings.LOGGING["handlers"]["file"]["filename"] = facts.root / "logs" / "django.log"
        assert judge_project(facts, "logging.files-in-container").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("logging", "files", "settings"),
    [
        ({}, DOCKER, {}),
        (config(["console"]), DOCKER, {}),
        (config(["file"], "/dev/stdout"), DOCKER, {}),
        (config(["file"], filters=["debug"]), DOCKER, {}),
        (config(["file"], **{"class": "nowhere.Handler"}), DOCKER, {}),
        (config(["file"]), {}, {}),
        (config(["file"]), {"docs/Dockerfile": "FROM sphinx\n", "dev/Dockerfile": "FROM python\n"}, {}),
        (config(["file"]), {"compose.yml": "services:\n  db:\n    image: postgres\n"}, {}),
        (config(["file"]), {"shop.service": "[Service]\nExecStart=gunicorn\n"}, {}),
        (config(["file"]), DOCKER, {"PRODREADY": {"FACTS": {"logging": "files"}}}),
        (config(["file"]), DOCKER, {"LOGGING_CONFIG": None}),
    ],
)
def test_is_not_applicable(logging, files, settings):
    assert judge(logging, files, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    file = config(["file"])["handlers"]["file"]
    code = f'LOGGING = {{\n    "handlers": {{\n        "file": {file},\n    }},\n}}\n'
    (finding,) = judge(config(["file"]), {**DOCKER, "conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"
