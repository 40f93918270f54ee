import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SUBCLASS = "from django.middleware.security import SecurityMiddleware\nclass Own(SecurityMiddleware): pass\n"


def judge(*middleware, declared=None, **kwargs):
    settings = {"MIDDLEWARE": list(middleware), "PRODREADY": {"FACTS": declared or {}}}
    return run_check("https.security-middleware", settings=settings, **kwargs)


@pytest.mark.parametrize("middleware", [(), (COMMON,)])
def test_fires(middleware):
    (finding,) = judge(*middleware).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "MIDDLEWARE"


def test_is_a_warning_where_the_proxy_does_most_of_it():
    (finding,) = judge(declared={"redirect": "proxy", "hsts": "proxy"}).findings
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("declared", [{"redirect": "proxy"}, {"hsts": "proxy"}, {"tls": "proxy"}])
def test_is_an_error_where_the_proxy_does_less(declared):
    (finding,) = judge(declared=declared).findings
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("middleware", [(SECURITY,), (COMMON, SECURITY)])
def test_is_silent(middleware):
    assert judge(*middleware).outcome is Outcome.PASS


def test_a_subclass_counts():
    assert judge("own_hardening.Own", files={"own_hardening.py": SUBCLASS}).outcome is Outcome.PASS


def test_what_cannot_be_imported_is_not_judged():
    assert judge("missing_module.Security").outcome is Outcome.NOT_RUN


def test_says_where():
    files = {"conf.py": f'DEBUG = False\nMIDDLEWARE = ["{COMMON}"]\n'}
    (finding,) = judge(COMMON, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
