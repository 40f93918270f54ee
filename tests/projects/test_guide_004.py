"""A project that follows a field guide to the letter: Django has nothing to say, prodcheck has, and is right.

``guide_004/expected.json`` is the whole list of findings, each with the sentence that defends it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import pytest

import django_prodready

PROJECT = Path(__file__).parent / "guide_004"
EXPECTED = json.loads((PROJECT / "expected.json").read_text(encoding="utf-8"))["findings"]
TIMEOUT_S = 120

SECRETS = {
    "SECRET_KEY": "gB7-xQ2vL9_tR4mZ8nW1cY6pK3dH0sJ5fUaEoIyTqXlVwNkMhGb",
    "EMAIL_HOST_PASSWORD": "Zp4mVq7wXt2b",
}
DATABASE_PASSWORD = "kW8vTq3ZrP6yLm2XnB9s"
ENVIRONMENT = {
    **SECRETS,
    "DJANGO_SETTINGS_MODULE": "obc_management.settings.production",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "obcms.example, www.obcms.example,*.sevalla.app",
    "CSRF_TRUSTED_ORIGINS": "https://obcms.example,https://www.obcms.example",
    "DATABASE_URL": f"postgres://obcms:{DATABASE_PASSWORD}@pgbouncer:5432/obcms",
    "REDIS_URL": "redis://redis:6379/0",
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "smtp.obcms.example",
    "EMAIL_HOST_USER": "noreply@obcms.example",
    "USE_CLOUDFLARE": "1",
}
STEERING = (
    "CELERY_",
    "CSRF_",
    "DJANGO_",
    "EMAIL_",
    "GUNICORN_",
    "HEALTH_",
    "LOG_LEVEL",
    "SECURE_",
    "UVICORN_",
)
# The site as it was before its team installed us.
WITHOUT = """
from obc_management.settings.production import *

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "django_prodready"]
"""


def manage(*arguments, project=PROJECT, pythonpath=(), **environ):
    """Run the project's manage.py, as its container would."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
    paths = [*map(str, pythonpath), str(Path(django_prodready.__file__).parents[1])]
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=project / "src",
        env={**inherited, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(paths), **environ},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


@pytest.fixture(scope="module")
def judged():
    """Give the ended process of one whole run."""
    return manage("prodcheck", "--root", str(PROJECT), "--format", "json")


@pytest.fixture
def report(judged):
    """Give its report."""
    return json.loads(judged.stdout)


def expected_here():
    version = "{}.{}".format(*django.VERSION)
    return [finding for finding in EXPECTED if version in finding.get("django", [version])]


def test_django_has_nothing_to_say(tmp_path):
    (tmp_path / "before.py").write_text(WITHOUT, encoding="utf-8")
    ended = manage("check", "--deploy", pythonpath=[tmp_path], DJANGO_SETTINGS_MODULE="before")
    assert ended.returncode == 0, ended.stderr
    assert "System check identified no issues (0 silenced)." in ended.stdout + ended.stderr
    assert "prodready" not in ended.stdout + ended.stderr


def test_prodcheck_finds_what_is_expected(judged, report):
    keys = ("severity", "subject", "file", "line", "message")
    found = [
        {"check": result["check"], **{key: finding[key] for key in keys}}
        for result in report["results"]
        for finding in result["findings"]
    ]
    expected = [{key: finding[key] for key in ("check", *keys)} for finding in expected_here()]

    def order(finding):
        return finding["check"], finding["subject"]

    assert sorted(found, key=order) == sorted(expected, key=order)
    assert judged.returncode == 1
    assert judged.stderr == ""


def test_every_check_judged(report):
    assert report["summary"]["checks"]["crashed"] == 0
    not_run = {result["reason"] for result in report["results"] if result["outcome"] == "not_run"}
    assert not_run == {"needs live, which this run does not have: --live opens the connections"}
    assert report["summary"]["findings"]["suppressed"] == 0


def test_no_secret_is_told(judged):
    for secret in (*SECRETS.values(), DATABASE_PASSWORD):
        assert secret not in judged.stdout


def test_check_deploy_shows_the_static_ones(tmp_path):
    # Without --root the repository around the project is judged, and ours is about these very settings.
    shutil.copytree(PROJECT, tmp_path / "site")
    (tmp_path / "site" / "prodready.toml").touch()  # here is its root, as a repository of its own would say
    ended = manage("check", "--deploy", project=tmp_path / "site")
    shown = set(re.findall(r"\(prodready\.([\w.-]+)\)", ended.stderr))
    requested = {
        "hosts.probe-rejected",
        "https.health-not-exempt",
        "proxy.real-ip-unconditional",
        "proxy.x-forwarded-host",
    }  # by requests, which check --deploy never sends
    assert shown == {finding["check"] for finding in expected_here()} - requested
    assert ended.returncode == 1


@pytest.mark.parametrize(
    "finding", expected_here(), ids=lambda finding: f"{finding['check']}-{finding['subject']}"
)
def test_every_finding_is_defended_and_at_its_line(finding):
    assert len(finding["defence"].split()) > 5
    assert finding["defence"].endswith(".")
    if finding["file"] is None:
        texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "src").rglob("*.py")]
        assert not any(finding["subject"] in text for text in texts)  # a default of Django's has no line
    else:
        lines = (PROJECT / finding["file"]).read_text(encoding="utf-8").splitlines()
        assert lines[finding["line"] - 1].strip() == finding["source"]
