import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(value, *, files=None, settings_module=None, **settings):
    settings = {"SECURE_CROSS_ORIGIN_OPENER_POLICY": value, **settings}
    return run_check("headers.coop", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no Cross-Origin-Opener-Policy header is sent"),
        ("", "no Cross-Origin-Opener-Policy header is sent"),
        (False, "no Cross-Origin-Opener-Policy header is sent"),
        ("same_origin", "browsers know no such policy"),
        (["same-origin"], "browsers know no such policy"),
    ],
)
def test_fires(value, words):
    (finding,) = judge(value).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(f"SECURE_CROSS_ORIGIN_OPENER_POLICY is {value!r}: {words}")


@pytest.mark.parametrize(
    "value",
    [
        "same-origin",
        "same-origin-allow-popups",
        "noopener-allow-popups",
        "unsafe-none",
        'same-origin; report-to="coop"',
    ],
)
def test_is_silent(value):
    assert judge(value).outcome is Outcome.PASS


def test_absent_middleware_is_another_checks_business():
    assert judge(None, MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "add_header Cross-Origin-Opener-Policy same-origin;\n"),
        ("shop/views.py", "def page(request):\n    response['Cross-Origin-Opener-Policy'] = 'same-origin'\n"),
    ],
)
def test_is_silent_when_something_else_sends_it(path, text):
    assert judge(None, files={path: text}).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "\n\nSECURE_CROSS_ORIGIN_OPENER_POLICY = None\n"}
    (finding,) = judge(None, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
