import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SENDS = {"shop.py": "from django.core.mail import send_mail\nsend_mail('a', 'b', None, ['c@d.e'])\n"}
SERVER = {"EMAIL_HOST": "smtp.example.org"}


def judge(files=None, settings_module=None, **settings):
    return run_check("email.default-from", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({}, "'webmaster@localhost'"),
        ({"DEFAULT_FROM_EMAIL": "Shop <shop@localhost>"}, "'Shop <shop@localhost>'"),
        ({"DEFAULT_FROM_EMAIL": ""}, "''"),
        ({"DEFAULT_FROM_EMAIL": None}, "'None'"),
        (
            {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend", "EMAIL_HOST": ""},
            "'webmaster@localhost'",
        ),
    ],
)
def test_fires(settings, shown):
    (finding,) = judge(**{**SERVER, **settings}).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith(f"DEFAULT_FROM_EMAIL is {shown}: ")


def test_only_mentions_it_where_code_alone_sends():
    (finding,) = judge(SENDS).findings
    assert finding.severity is Severity.INFO
    assert finding.evidence == ("shop.py sends mail.",)


@pytest.mark.parametrize(
    "address", ["shop@example.org", "Shop <noreply@mail.example.org>", "Shop, Inc. <shop@example.org>"]
)
def test_is_silent(address):
    assert judge(SENDS, **SERVER, DEFAULT_FROM_EMAIL=address).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, {}),
        ({}, {"EMAIL_HOST": "localhost"}),
        (SENDS, {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ],
)
def test_is_not_applicable(files, settings):
    assert judge(files, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "DEBUG = False\nDEFAULT_FROM_EMAIL = 'shop@localhost'\n"}
    (finding,) = judge(files, "conf", **SERVER, DEFAULT_FROM_EMAIL="shop@localhost").findings
    assert str(finding.at) == "conf.py:2"
