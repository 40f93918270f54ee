import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

CODE = (
    "from django.utils.log import AdminEmailHandler\n"
    "class Html(AdminEmailHandler): include_html = True\n"
    "class ToTeam(AdminEmailHandler):\n"
    "    def send_mail(self, subject, message, *args, **kwargs): pass\n"
)


def judge(handler="django.utils.log.AdminEmailHandler", *, used=True, files=None, module=None, **settings):
    logging = {
        "version": 1,
        "handlers": {"mail": {"class": handler}},
        "root": {"handlers": ["mail"] if used else []},
    }
    return run_check(
        "email.admins-empty",
        settings={"LOGGING": logging, **settings},
        files={"shop_mail.py": CODE, **(files or {})},
        settings_module=module,
    )


@pytest.mark.parametrize("handler", ["django.utils.log.AdminEmailHandler", "shop_mail.Html"])
@pytest.mark.parametrize("admins", [[], (), None])
def test_fires(handler, admins):
    (finding,) = judge(handler, ADMINS=admins).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == "The handler 'mail' of LOGGING mails errors to ADMINS, which is empty."


def test_only_mentions_it_beside_sentry():
    (finding,) = judge(files={"shop.py": "import sentry_sdk\n"}).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "kwargs",
    [
        {"used": False},
        {"handler": "shop_mail.ToTeam"},
        {"handler": "logging.StreamHandler"},
        {"handler": "nowhere.Handler"},
    ],
)
def test_is_silent(kwargs):
    assert judge(**kwargs).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings", [{"ADMINS": ["ops@example.org"]}, {"LOGGING": {}}, {"LOGGING_CONFIG": None}]
)
def test_is_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    mail = {"class": "django.utils.log.AdminEmailHandler"}
    code = f'LOGGING = {{\n    "handlers": {{\n        "mail": {mail},\n    }},\n}}\n'
    (finding,) = judge(files={"conf.py": code}, module="conf").findings
    assert str(finding.at) == "conf.py:3"
