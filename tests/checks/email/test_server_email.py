import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

WHO = ["ops@example.org"]
MAIL = {"mail": {"class": "django.utils.log.AdminEmailHandler"}}
NULL = {"null": {"class": "logging.NullHandler"}}
BROKEN_LINKS = ["django.middleware.common.BrokenLinkEmailsMiddleware"]


def logging(handlers, disable=False, **loggers):
    return {
        "version": 1,
        "disable_existing_loggers": disable,
        "handlers": handlers,
        "loggers": {name: {"handlers": value} for name, value in loggers.items()},
    }


def judge(files=None, settings_module=None, **settings):
    return run_check("email.server-email", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("settings", "code", "whom"),
    [
        ({"ADMINS": WHO}, "", "ADMINS"),
        ({"ADMINS": WHO, "LOGGING": None}, "", "ADMINS"),
        ({"ADMINS": WHO, "LOGGING": logging({}, shop=[])}, "", "ADMINS"),
        ({"ADMINS": WHO, "LOGGING": logging(MAIL, django=["mail"])}, "", "ADMINS"),
        ({"ADMINS": WHO, "LOGGING": logging(NULL, django=["null"])}, "mail_admins('a', 'b')\n", "ADMINS"),
        ({"MANAGERS": WHO}, "mail_managers('a', 'b')\n", "MANAGERS"),
        ({"MANAGERS": WHO, "MIDDLEWARE": BROKEN_LINKS}, "", "MANAGERS"),
        ({"ADMINS": WHO, "SERVER_EMAIL": ""}, "", "ADMINS"),
    ],
)
def test_fires(settings, code, whom):
    (finding,) = judge({"shop.py": code}, **settings).findings
    assert finding.severity is Severity.INFO
    assert f"what is sent to {whom} from it" in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"MANAGERS": WHO},
        {"ADMINS": WHO, "LOGGING": logging(NULL, django=["null"])},
        {"ADMINS": WHO, "LOGGING": logging({**NULL, "code": {"()": "shop.make"}}, django=["null", "code"])},
        {"ADMINS": WHO, "LOGGING": logging(NULL, disable=True, shop=["null"])},
        {"ADMINS": WHO, "LOGGING_CONFIG": None},
        {"ADMINS": WHO, "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
    ],
)
def test_is_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_is_silent():
    assert judge(ADMINS=WHO, SERVER_EMAIL="errors@example.org").outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "ADMINS = []\nSERVER_EMAIL = 'root@localhost'\n"}
    (finding,) = judge(files, "conf", ADMINS=WHO, SERVER_EMAIL="root@localhost").findings
    assert str(finding.at) == "conf.py:2"
