import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
SERVER = {"BACKEND": SMTP, "OPTIONS": {"host": "smtp.example.org"}}
SENDS = "from django.core.mail import send_mail\nsend_mail('a', 'b', None, ['c@d.e'])\n"
CHOOSES = SENDS.replace("e'])", "e'], using='bulk')")

with_mailers = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")
without_mailers = pytest.mark.skipif(django.VERSION >= (6, 1), reason="Django 6.1 brought MAILERS")


def judge(mailers, files=None, settings_module=None, **settings):
    return run_check(
        "email.no-default-mailer",
        settings={"MAILERS": mailers, **settings},
        files=files,
        settings_module=settings_module,
    )


@with_mailers
@pytest.mark.parametrize(
    ("mailers", "code", "severity"),
    [
        ({"bulk": SERVER}, "", Severity.ERROR),
        ({}, SENDS, Severity.ERROR),
        ({"bulk": SERVER}, CHOOSES, Severity.WARNING),
        ({}, "", Severity.INFO),
        ({"bulk": {"BACKEND": CONSOLE}}, "", Severity.INFO),
    ],
)
def test_fires_without_a_default(mailers, code, severity):
    files = {"shop.py": code, "conf.py": "DEBUG = False\nMAILERS = {}\n"}
    (finding,) = judge(mailers, files, "conf").findings
    assert finding.severity is severity
    assert finding.subject == "MAILERS"
    assert finding.message == (
        "MAILERS has no 'default', so send_mail() and every package raise MailerDoesNotExist."
    )


@with_mailers
@pytest.mark.parametrize("options", [{}, {"host": ""}, {"host": None, "port": 587}])
def test_fires_without_a_host(options):
    mailers = {"default": {"BACKEND": SMTP, "OPTIONS": options}}
    (finding,) = judge(mailers, {"shop.py": SENDS}).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "MAILERS['default']['OPTIONS']['host']"


@with_mailers
def test_says_where():
    code = 'MAILERS = {\n    "default": {\n        "OPTIONS": {"host": ""},\n    },\n}\n'
    (finding,) = judge({"default": {"OPTIONS": {"host": ""}}}, {"conf.py": code}, "conf").findings
    assert str(finding.at) == "conf.py:3"


@with_mailers
@pytest.mark.parametrize(
    "mailers",
    [
        {"default": SERVER},
        {"default": SERVER, "bulk": {"BACKEND": SMTP}},
        {"default": {"BACKEND": CONSOLE}},
        {"default": {"BACKEND": "anymail.backends.mailgun.EmailBackend"}},
        {"default": None},
        None,
    ],
)
def test_is_silent(mailers):
    assert judge(mailers, {"shop.py": SENDS}).outcome is Outcome.PASS


def test_is_not_applicable_without_mailers():
    assert run_check("email.no-default-mailer").outcome is Outcome.NOT_APPLICABLE


@without_mailers
def test_fires_where_django_knows_no_mailers():
    files = {"conf.py": "MAILERS = {}\n"}
    (finding,) = judge({"default": SERVER}, files, "conf").findings
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith(f"Django {django.get_version()} knows no MAILERS")
    assert str(finding.at) == "conf.py:1"


@without_mailers
@pytest.mark.parametrize(
    ("mailers", "settings", "code"),
    [
        ({"default": SERVER}, {"EMAIL_HOST": "smtp.example.org"}, ""),
        ({"default": SERVER}, {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"}, ""),
        ({"default": SERVER}, {}, "from django.conf import settings\nprint(settings.MAILERS)\n"),
        ({"default": {"BACKEND": CONSOLE}}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_is_silent_where_django_knows_no_mailers(mailers, settings, code):
    assert judge(mailers, {"post.py": code}, **settings).outcome is Outcome.PASS
