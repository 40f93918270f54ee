import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

YEAR_S = 31_536_000


def judge(seconds, *, subdomains, preload=True, files=None, settings_module=None, **settings):
    settings = {
        "SECURE_HSTS_PRELOAD": preload,
        "SECURE_HSTS_SECONDS": seconds,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": subdomains,
        **settings,
    }
    return run_check(
        "hsts.preload-ineligible", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("seconds", "subdomains", "words", "severity"),
    [
        (60, True, "SECURE_HSTS_SECONDS is 60: the preload list refuses", Severity.WARNING),
        (518_400, True, "SECURE_HSTS_SECONDS is 518400:", Severity.WARNING),
        (YEAR_S - 1, True, f"SECURE_HSTS_SECONDS is {YEAR_S - 1}:", Severity.WARNING),
        ("3600", True, "SECURE_HSTS_SECONDS is 3600:", Severity.WARNING),
        (YEAR_S, False, "but SECURE_HSTS_INCLUDE_SUBDOMAINS is off", Severity.ERROR),
        (
            60,
            False,
            "SECURE_HSTS_SECONDS is 60 and SECURE_HSTS_INCLUDE_SUBDOMAINS is off",
            Severity.WARNING,
        ),
    ],
)
def test_fires(seconds, subdomains, words, severity):
    (finding,) = judge(seconds, subdomains=subdomains).findings
    assert finding.severity is severity
    assert words in finding.message


@pytest.mark.parametrize("seconds", [0, None])
def test_is_a_warning_where_nothing_is_sent(seconds):
    (finding,) = judge(seconds, subdomains=False).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("SECURE_HSTS_SECONDS is 0: no header is sent.")


@pytest.mark.parametrize("seconds", [YEAR_S, 2 * YEAR_S, str(YEAR_S + 1)])
def test_is_silent(seconds):
    assert judge(seconds, subdomains=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"preload": False},
        {"MIDDLEWARE": []},
        {"PRODREADY": {"FACTS": {"hsts": "proxy"}}},
        {"SECURE_HSTS_SECONDS": "a year"},
        {"SECURE_HSTS_SECONDS": [60]},
    ],
)
def test_is_not_applicable(settings):
    assert judge(60, subdomains=False, **settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "SECURE_HSTS_SECONDS = 60\nSECURE_HSTS_PRELOAD = True\n"}
    (finding,) = judge(60, subdomains=True, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
