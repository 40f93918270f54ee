import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(value, *, files=None, settings_module=None, **settings):
    settings = {"SECURE_REFERRER_POLICY": value, **settings}
    return run_check(
        "headers.referrer-policy", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no Referrer-Policy header is sent"),
        ("", "no Referrer-Policy header is sent"),
        ((), "no Referrer-Policy header is sent"),
        ("same_origin", "browsers know no such policy"),
        (5, "browsers know no such policy"),
        ([None], "browsers know no such policy"),
        ("unsafe-url", "other sites are told the whole address"),
        ("no-referrer-when-downgrade", "other sites are told the whole address"),
        ("same-origin, unsafe-url", "other sites are told the whole address"),
        (["same-origin", "unsafe-url", "of-the-future"], "other sites are told the whole address"),
    ],
)
def test_fires(value, words):
    (finding,) = judge(value).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith(f"SECURE_REFERRER_POLICY is {value!r}: {words}")


def test_an_unknown_word_beside_a_known_one_is_information():
    (finding,) = judge("same-origin, same_site").findings
    assert finding.severity is Severity.INFO
    assert "browsers do not know 'same_site' and use 'same-origin'" in finding.message


@pytest.mark.parametrize(
    "value",
    [
        "same-origin",
        "strict-origin-when-cross-origin",
        "no-referrer",
        "origin",
        "Same-Origin",
        "unsafe-url, same-origin",
        "no-referrer,strict-origin-when-cross-origin",
        ["no-referrer", " strict-origin "],
        ("same-origin",),
    ],
)
def test_is_silent(value):
    assert judge(value).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [None, "unsafe-url"])
def test_absent_middleware_is_another_checks_business(value):
    assert judge(value, MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "add_header Referrer-Policy same-origin;\n"),
        ("Caddyfile", "header Referrer-Policy strict-origin\n"),
        ("compose.yml", "- traefik.http.middlewares.h.headers.referrerpolicy=same-origin\n"),
        ("main.tf", "referrer_policy {\n"),
    ],
)
def test_is_silent_when_a_proxys_file_sends_it(path, text):
    assert judge(None, files={path: text}).outcome is Outcome.PASS


def test_a_view_that_sets_it_makes_it_information():
    files = {"shop/views.py": "def reset(request):\n    response['Referrer-Policy'] = 'no-referrer'\n"}
    (finding,) = judge(None, files=files).findings
    assert finding.severity is Severity.INFO


def test_says_where():
    files = {"conf.py": "SECURE_REFERRER_POLICY = 'unsafe-url'\n"}
    (finding,) = judge("unsafe-url", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:1"
