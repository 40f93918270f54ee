import django
import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

SERVER = {"EMAIL_HOST": "smtp.example.org"}


def judge(files=None, settings_module=None, **settings):
    return run_check("email.no-timeout", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize("host", ["smtp.example.org", "postfix", "10.0.0.5"])
def test_fires(host):
    (finding,) = judge(EMAIL_HOST=host).findings
    assert finding.message == (
        f"EMAIL_TIMEOUT is not set: when {host} hangs, each mail holds its worker for ever."
    )


@pytest.mark.parametrize("timeout", [10, 2.5, "7"])
def test_is_silent(timeout):
    assert judge(**SERVER, EMAIL_TIMEOUT=timeout).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, {}),
        ({}, {"EMAIL_HOST": "127.0.0.1"}),
        ({}, {**SERVER, "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"}),
        ({}, {**SERVER, "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ({"shop/apps.py": "import socket\nsocket.setdefaulttimeout(10)\n"}, SERVER),
        ({"conf.py": "import socket\nsocket.setdefaulttimeout(10)\n"}, SERVER),
    ],
)
def test_is_not_applicable(files, settings):
    assert judge(files, "conf", **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where_the_server_is_named():
    files = {"conf.py": "DEBUG = False\nEMAIL_HOST = 'smtp.example.org'\n"}
    (finding,) = judge(files, "conf", **SERVER).findings
    assert str(finding.at) == "conf.py:2"


@pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")
def test_judges_every_mailer():
    mailers = {
        "default": {"OPTIONS": {"host": "smtp.example.org", "timeout": 10}},
        "bulk": {"OPTIONS": {"host": "smtp.example.org"}},
        "local": {"OPTIONS": {"host": "localhost"}},
    }
    (finding,) = judge(MAILERS=mailers).findings
    assert finding.subject == "MAILERS['bulk']['OPTIONS']['timeout']"
