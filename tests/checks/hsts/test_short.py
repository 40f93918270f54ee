import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(seconds, *, files=None, settings_module=None, environ=None, **settings):
    settings = {"SECURE_HSTS_SECONDS": seconds, **settings}
    return run_check(
        "hsts.short", settings=settings, files=files, settings_module=settings_module, environ=environ
    )


@pytest.mark.parametrize(
    ("seconds", "after", "step"),
    [
        (1, "1 seconds", 3600),
        (60, "60 seconds", 3600),
        ("300", "5 minutes", 3600),
        (3600, "60 minutes", 86400),
        (86400, "24 hours", 2592000),
        (518400, "6 days", 2592000),
        (15_767_999, "182 days", 31536000),
    ],
)
def test_fires(seconds, after, step):
    (finding,) = judge(seconds).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(
        f"SECURE_HSTS_SECONDS is {seconds}: browsers forget {after} after a visit"
    )
    assert finding.hint.startswith(f"Set SECURE_HSTS_SECONDS = {step} ")


@pytest.mark.parametrize("seconds", [15_768_000, 31_536_000, "63072000"])
def test_is_silent(seconds):
    assert judge(seconds).outcome is Outcome.PASS


@pytest.mark.parametrize("seconds", [0, None, "", "a year", -1, float("inf"), [60]])
def test_is_not_applicable_where_nothing_or_no_number_is_sent(seconds):
    assert judge(seconds).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "settings",
    [
        {"MIDDLEWARE": []},
        {"PRODREADY": {"FACTS": {"hsts": "proxy"}}},
        {"HSTS_STAGE": "day"},
        {"environ": {"HSTS_STAGE": "day"}},
        {"files": {"nginx.conf": 'add_header Strict-Transport-Security "max-age=31536000";\n'}},
        {
            "files": {"conf.py": "class Settings(Security):\n    HSTS_STAGE = 'day'\n"},
            "settings_module": "conf",
        },
        {
            "files": {"conf.py": "from django_prodready.settings import Production\n"},
            "settings_module": "conf",
        },
    ],
)
def test_is_not_applicable(settings):
    assert judge(3600, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "# HSTS_STAGE comes later\nSECURE_HSTS_SECONDS = 60\n"}
    (finding,) = judge(60, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
