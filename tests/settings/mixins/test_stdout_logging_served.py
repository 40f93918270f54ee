"""StdoutLogging at work: what a process prints, under the LOGGING that projects have."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import django
import pytest

import django_prodready

PACKAGE = str(Path(django_prodready.__file__).parents[1])
PATIENCE_S = 30
PASSWORD = "kq7-Vb2mWz9Rt"
MEMORY = "'django.core.mail.backends.locmem.EmailBackend'"
HAS_MAILERS = django.VERSION >= (6, 1)
MAIL = f"MAILERS = {{'default': {{'BACKEND': {MEMORY}}}}}" if HAS_MAILERS else f"EMAIL_BACKEND = {MEMORY}"
SITE = f"""
SECRET_KEY = "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn"
ALLOWED_HOSTS = ["testserver"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.dummy", "PASSWORD": "{PASSWORD}"}}}}
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "log_site_urls"
USE_TZ = True
ADMINS = {["ops@example.org"] if django.VERSION >= (6, 0) else [("Ops", "ops@example.org")]}
{MAIL}
LOGGING_OF_THE_PROJECT
from django_prodready.settings.mixins.celery import Celery
from django_prodready.settings.mixins.stdout_logging import StdoutLogging
class Settings(THE_MIXINS):
    pass
Settings.apply(globals())
"""
URLS = f"""
from django.urls import path
def fail(request):
    raise ValueError("cannot connect with {PASSWORD}")
urlpatterns = [path("fail/", fail)]
"""
TALK = f"""
import logging, sys
made_before = []
for name in ("gunicorn.error", "uvicorn.access", "celery.worker", "shop.early"):
    made_before.append(logging.getLogger(name))
server = made_before[0]
server.propagate = False
server.addHandler(logging.StreamHandler(sys.stderr))
import django
django.setup()
from django.core import mail
from django.test import Client
server.error("of the server")
for logger in made_before[1:]:
    logger.warning("of %s", logger.name)
logging.getLogger("shop").info("welcome")
logging.getLogger("shop").warning("the password is %s", "{PASSWORD}")
mail.outbox = []
assert Client(raise_request_exception=False).get("/fail/").status_code == 500
assert len(mail.outbox) == 1, mail.outbox
"""
STREAM = '"console": {"class": "logging.StreamHandler"}'
PROJECTS = {
    "none": "",
    "django's default": "from django.utils.log import DEFAULT_LOGGING as LOGGING",
    "django's documentation": (
        f'LOGGING = {{"version": 1, "handlers": {{{STREAM}}}, '
        '"root": {"handlers": ["console"], "level": "WARNING"}, '
        '"loggers": {"django": {"handlers": ["console", "mail"], "level": "INFO", "propagate": False}}}\n'
        'LOGGING["handlers"]["mail"] = {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"}'
    ),
    "every logger by itself": (
        f'LOGGING = {{"version": 1, "disable_existing_loggers": True, "handlers": {{{STREAM}}}, "loggers": {{'
        '"shop": {"handlers": ["console"], "level": "INFO"}, "django.request": {"handlers": ["console"]}}}'
    ),
}


@pytest.fixture
def environ(tmp_path):
    """Write a site; return the environment of its processes."""

    def write(project="none", bases="StdoutLogging", **more):
        text = SITE.replace("LOGGING_OF_THE_PROJECT", PROJECTS[project]).replace("THE_MIXINS", bases)
        (tmp_path / "log_site.py").write_text(text)
        (tmp_path / "log_site_urls.py").write_text(URLS)
        path = os.pathsep.join([str(tmp_path), PACKAGE])
        return os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "log_site", **more}

    return write


@pytest.fixture
def printed(environ):
    """Return what a process prints, line by line."""

    def run(*arguments, **more):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", TALK],
            env=environ(*arguments, **more),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == "of the server\n"
        return done.stdout.splitlines()

    return run


@pytest.mark.parametrize("project", PROJECTS)
def test_each_record_is_one_line_without_a_secret(printed, project):
    records = [json.loads(line) for line in printed(project, LOG_FORMAT="json")]

    assert [(record["level"], record["logger"], record["message"]) for record in records] == [
        ("WARNING", "uvicorn.access", "of uvicorn.access"),
        ("WARNING", "celery.worker", "of celery.worker"),
        ("WARNING", "shop.early", "of shop.early"),
        ("INFO", "shop", "welcome"),
        ("WARNING", "shop", "the password is [redacted]"),
        ("ERROR", "django.request", "Internal Server Error: /fail/"),
    ]
    assert records[-1]["exception"]["type"] == "ValueError"
    assert records[-1]["request_id"]
    assert PASSWORD not in json.dumps(records)


def test_plain_lines_by_their_level(printed):
    lines = printed("none", LOG_LEVEL="ERROR")

    assert " ERROR django.request [" in lines[0]
    assert all(line.startswith("  ") for line in lines[1:])
    assert PASSWORD not in "\n".join(lines)


def test_a_worker_of_celery_logs_in_the_same_way(environ, redis_url, tmp_path):
    (tmp_path / "log_queue.py").write_text(
        "from celery import Celery\n"
        "from celery.utils.log import get_task_logger\n"
        "app = Celery('log_queue', set_as_current=False)\n"
        "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
        f"app.conf.task_default_queue = '{uuid.uuid4().hex}'\n"
        "@app.task\n"
        "def talk():\n"
        f"    get_task_logger(__name__).warning('the password is {PASSWORD}')\n"
        f"    print('printed {PASSWORD}')\n"
    )
    variables = environ(
        bases="Celery, StdoutLogging", LOG_FORMAT="json", CELERY_BROKER_URL=redis_url, PYTHONUNBUFFERED="1"
    )
    options = ("--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=INFO")
    output = tmp_path / "output"
    with output.open("wb") as stream:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "log_queue", "worker", *options],
            env=variables,
            stdout=stream,
        )
    try:
        send = [sys.executable, "-c", "from log_queue import talk; talk.delay()"]
        subprocess.run(send, env=variables, check=True, timeout=PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while "succeeded in" not in output.read_text() and worker.poll() is None:
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.05)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE_S)

    records = [json.loads(line) for line in output.read_text().splitlines() if line.startswith("{")]
    said = [(record["logger"], record["message"]) for record in records]
    assert said.count(("log_queue", "the password is [redacted]")) == 1
    assert said.count(("celery.redirected", "printed [redacted]")) == 1
    assert PASSWORD not in output.read_text()
