import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SENDS = {"shop.py": "from django.core.mail import send_mail\nsend_mail('a', 'b', None, ['c@d.e'])\n"}


def judge(files=SENDS, settings_module=None, **settings):
    return run_check("email.localhost", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("host", "shown"), [("localhost", "is 'localhost'"), ("127.0.0.1", "is '127.0.0.1'"), ("", "is empty")]
)
def test_fires(host, shown):
    (finding,) = judge(EMAIL_HOST=host).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(f"EMAIL_HOST {shown}: ")
    assert finding.evidence == ("shop.py sends mail.",)


@pytest.mark.parametrize(
    "settings",
    [
        {"EMAIL_HOST": "smtp.example.org"},
        {"EMAIL_HOST": "postfix"},
        {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"},
        {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    ],
)
def test_is_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {},
        {**SENDS, "Dockerfile": "RUN apt-get install -y --no-install-recommends msmtp-mta\n"},
        {**SENDS, "deploy/mail.yml": "- apt: name=postfix\n"},
        {**SENDS, "deploy/shop.service": "[Service]\nExecStart=gunicorn shop.wsgi\n"},
    ],
)
def test_is_not_applicable(files):
    assert judge(files).outcome is Outcome.NOT_APPLICABLE


def test_a_unit_of_systemd_tells_nothing_beside_a_container():
    files = {
        **SENDS,
        "deploy/shop.service": "[Service]\nExecStart=docker run shop\n",
        "Dockerfile": "FROM x\n",
    }
    assert judge(files).outcome is Outcome.FAIL


def test_says_where():
    files = {**SENDS, "conf.py": "EMAIL_HOST = 'localhost'\n"}
    (finding,) = judge(files, "conf", EMAIL_HOST="localhost").findings
    assert str(finding.at) == "conf.py:1"


@pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought MAILERS")
def test_a_default_mailer_without_a_host_is_another_checks():
    mailers = {"default": {}, "local": {"OPTIONS": {"host": "localhost"}}}
    (finding,) = judge(MAILERS=mailers).findings
    assert finding.subject == "MAILERS['local']['OPTIONS']['host']"
