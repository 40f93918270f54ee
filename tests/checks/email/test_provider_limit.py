import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(host, files=None, **settings):
    return run_check(
        "email.provider-limit",
        settings={"EMAIL_HOST": host, **settings},
        files=files,
        settings_module="conf" if files else None,
    )


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("smtp.gmail.com", "Gmail"),
        ("SMTP.GMAIL.COM.", "Gmail"),
        ("smtp.office365.com", "Microsoft 365"),
        ("smtp.mail.yahoo.com", "Yahoo"),
    ],
)
def test_fires(host, provider):
    (finding,) = judge(host).findings
    assert finding.severity is Severity.INFO
    assert f"the server of {provider} for mailboxes" in finding.message


@pytest.mark.parametrize(
    "host",
    ["localhost", "", "smtp-relay.gmail.com", "smtp.mailgun.org", "email-smtp.eu-west-1.amazonaws.com"],
)
def test_is_silent(host):
    assert judge(host).outcome is Outcome.PASS


def test_is_not_applicable_to_an_api():
    backend = "anymail.backends.mailgun.EmailBackend"
    assert judge("smtp.gmail.com", EMAIL_BACKEND=backend).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    (finding,) = judge("smtp.gmail.com", {"conf.py": "EMAIL_HOST = 'smtp.gmail.com'\n"}).findings
    assert str(finding.at) == "conf.py:1"
