import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

YEAR_S = 31_536_000


def judge(seconds=YEAR_S, *, files=None, settings_module=None, **settings):
    settings = {"SECURE_HSTS_SECONDS": seconds, **settings}
    return run_check("hsts.subdomains", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SECURE_HSTS_INCLUDE_SUBDOMAINS": None},
        {"seconds": 60},
        {"HSTS_STAGE": "year"},
    ],
)
def test_fires(settings):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.INFO
    value = settings.get("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
    assert finding.message.startswith(f"SECURE_HSTS_INCLUDE_SUBDOMAINS is {value!r}: subdomains ")


@pytest.mark.parametrize("value", [True, 1])
def test_is_silent(value):
    assert judge(SECURE_HSTS_INCLUDE_SUBDOMAINS=value).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"seconds": 0},
        {"seconds": "a year"},
        {"MIDDLEWARE": []},
        {"seconds": 3600, "HSTS_STAGE": "hour"},
        {"PRODREADY": {"FACTS": {"hsts": "proxy"}}},
        {"files": {"Caddyfile": "header Strict-Transport-Security max-age=31536000;\n"}},
    ],
)
def test_is_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "SECURE_HSTS_INCLUDE_SUBDOMAINS = False\n"}
    settings = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": False}
    (finding,) = judge(files=files, settings_module="conf", **settings).findings
    assert str(finding.at) == "conf.py:1"
