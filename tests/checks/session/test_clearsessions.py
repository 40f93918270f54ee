import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

ENGINES = "django.contrib.sessions.backends"
OWN = {
    "own_sessions.py": "from django.contrib.sessions.backends.db import SessionStore as Base\n"
    "class SessionStore(Base): pass\n"
}


def judge(files=None, settings_module=None, **settings):
    return run_check("session.clearsessions", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize("engine", [f"{ENGINES}.db", f"{ENGINES}.cached_db", "own_sessions"])
def test_fires(engine):
    (finding,) = judge(OWN, SESSION_ENGINE=engine).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "files",
    [
        {"shop/tasks.py": "def clear_basket(): ...\n"},
        {"shop/views.py": "def sessions(request): ...\n"},
        {"data.bin": "clearsessions\n"},
        {"crontab": "@daily manage.py send_invoices\n"},
    ],
)
def test_fires_when_jobs_do_something_else(files):
    assert judge(files).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "files",
    [
        {"shop/tasks.py": "call_command('clearsessions')\n"},
        {"shop/tasks.py": "SessionStore.clear_expired()\n"},
        {"shop/tasks.py": "Session.objects.filter(expire_date__lt=now()).delete()\n"},
        {"shop/tasks.py": "def cleanup(): clear_sessions()\n"},
        {"celery.py": "app.conf.beat_schedule = {'a': {'task': 'common.tasks.clear_expired_sessions'}}\n"},
        {"crontab": "0 4 * * * python manage.py clearsessions\n"},
        {"deploy/cron.d/site": "0 4 * * * python manage.py clearsessions\n"},
        {"etc/cron/daily/site": "python manage.py clearsessions\n"},
        {"docker-compose.yml": "command: python manage.py runjobs daily\n"},
        {"fly.toml": "sessions = 'manage.py clearsessions'\n"},
        {"app.json": '{"cron": [{"command": "manage.py clearsessions"}]}'},
        {"deploy/site-clear.service": "ExecStart=manage.py clearsessions\n"},
        {"bin/daily": "manage.py clearsessions\n"},
        {"Makefile": "daily:\n\tmanage.py clearsessions\n"},
        {"db/jobs.sql": "DELETE FROM django_session WHERE expire_date < now();\n"},
        {"README.md": "The platform clears expired sessions every night.\n"},
    ],
)
def test_is_silent_when_a_file_names_it(files):
    assert judge(files).outcome is Outcome.PASS


@pytest.mark.parametrize("engine", ["cache", "file", "signed_cookies"])
def test_is_not_applicable_without_the_table(engine):
    assert judge(SESSION_ENGINE=f"{ENGINES}.{engine}").outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_sessions():
    assert judge(MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": f"SESSION_ENGINE = {ENGINES + '.cached_db'!r}\n"}
    (finding,) = judge(files, "conf", SESSION_ENGINE=f"{ENGINES}.cached_db").findings
    assert str(finding.at) == "conf.py:1"
