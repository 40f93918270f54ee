import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

MIDDLEWARE = "whitenoise.middleware.WhiteNoiseMiddleware"
OWN = """
from whitenoise.middleware import WhiteNoiseMiddleware


class Static(WhiteNoiseMiddleware):
    pass
"""


def judge(age_s, middleware=MIDDLEWARE, **kwargs):
    settings = {"MIDDLEWARE": [middleware], "WHITENOISE_MAX_AGE": age_s}
    return run_check("static.whitenoise-max-age", settings=settings, **kwargs)


@pytest.mark.parametrize(
    ("age_s", "days"),
    [
        (86_401, "more than a day"),
        (604_800, "7 days"),
        (31_536_000, "365 days"),
        ("2592000", "30 days"),
        (31_536_000.0, "365 days"),
    ],
)
def test_fires(age_s, days):
    (finding,) = judge(age_s).findings
    assert finding.subject == "WHITENOISE_MAX_AGE"
    assert days in finding.message


@pytest.mark.parametrize("age_s", [86_400, 3600, 60, 0, -1, True, None, "", "7200", "a day"])
def test_is_silent(age_s):
    assert judge(age_s).outcome is Outcome.PASS


def test_is_silent_for_the_default():
    result = run_check("static.whitenoise-max-age", settings={"MIDDLEWARE": [MIDDLEWARE]})
    assert result.outcome is Outcome.PASS


def test_knows_a_subclass():
    pytest.importorskip("whitenoise")
    assert judge(31_536_000, "shop_static.Static", files={"shop_static.py": OWN}).outcome is Outcome.FAIL


def test_is_not_applicable_without_whitenoise():
    result = judge(31_536_000, "django.middleware.security.SecurityMiddleware")
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "DEBUG = False\nWHITENOISE_MAX_AGE = 31536000\n"}
    (finding,) = judge(31_536_000, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
