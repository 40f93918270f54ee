import pytest
from csp.constants import NONCE as PACKAGE_NONCE
from django.urls import reverse_lazy

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
NONCE = "<CSP_NONCE_SENTINEL>"


def judge(policy, *, name="SECURE_CSP", middleware=DJANGO, files=None, settings_module=None):
    settings = {"MIDDLEWARE": [middleware], name: policy}
    return run_check("headers.csp-malformed", settings=settings, files=files, settings_module=settings_module)


def judge_package(policy, **options):
    return judge(policy, name="CONTENT_SECURITY_POLICY", middleware=PACKAGE, **options)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("self", "browsers take for a host: the keyword is 'self'"),
        ("None", "browsers take for a host: the keyword is 'none'"),
        ("unsafe-inline", "browsers take for a host: the keyword is 'unsafe-inline'"),
        ("sha256-abc=", "browsers take for a host: nonces and hashes stand in single quotes"),
        ("data", "browsers take for a host: the scheme is data:"),
        ("https", "browsers take for a host: the scheme is https:"),
        ("'https://a.example'", "hosts and schemes stand without quotes"),
        ("'data:'", "hosts and schemes stand without quotes"),
        ("'unsafe_inline'", "the keyword is 'unsafe-inline'"),
        ("'unsafe-inlin'", "the keyword is 'unsafe-inline'"),
        ('"self"', "whose quotes browsers do not understand"),
        ("'self", "whose quotes browsers do not understand"),
        ("'self'https://a.example", "whose quotes browsers do not understand"),
        ("'self';", "ends the directive there"),
        ("https://a.example,https://b.example", "ends the directive there"),
    ],
)
def test_fires_for_a_source_that_is_none(word, words):
    (finding,) = judge({"default-src": ["'self'", word]}).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith(f"SECURE_CSP['default-src'] has {word}, ")
    assert words in finding.message
    assert finding.subject == "SECURE_CSP['default-src']"


def test_fires_once_for_words_of_one_string():
    (finding,) = judge({"default-src": "self https://a.example"}).findings
    assert "has self, which" in finding.message


@pytest.mark.parametrize(
    "word", ["'https://user:geheim@a.example'", "'https://a.example/?key=geheim'", f"'a.example/{'x' * 90}'"]
)
def test_shows_no_address_that_may_hold_a_secret(word):
    (finding,) = judge({"img-src": [word]}).findings
    assert finding.message.startswith("SECURE_CSP['img-src'] has an entry, which browsers ignore")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"img-src": ["'self'", None]}, "type NoneType, on which every response fails"),
        ({"img-src": 5}, "type int, on which every response fails"),
        ({"img-src": [["'self'"]]}, "type list, on which every response fails"),
        ({"upgrade-insecure-requests": [True]}, "type bool, on which every response fails"),
        ({"report-uri": [reverse_lazy("report")]}, "type __proxy__, on which every response fails"),
        ({"default-src": "'self'\nhttps://a.example"}, "has a line break"),
        ({"script-src": [f"'self' {NONCE}"]}, "within a longer text, where nothing replaces it"),
        ({"img-src": [NONCE]}, "heed for scripts and styles alone"),
        ({"script-src-attr": [NONCE]}, "heed for scripts and styles alone"),
        ({"script-src": [PACKAGE_NONCE]}, "take django.utils.csp.CSP.NONCE"),
    ],
)
def test_fires_for_an_entry_that_django_cannot_send(policy, words):
    (finding,) = judge(policy).findings
    assert words in finding.message


@pytest.mark.parametrize(
    ("directive", "hint"),
    [
        ("script_src", "Rename it to 'script-src'."),
        ("scripts-src", "Rename it to 'script-src'."),
        ("default", "Correct its name, or remove it."),
        ("DIRECTIVES", "Correct its name, or remove it."),
        (5, "Correct its name, or remove it."),
    ],
)
def test_fires_for_an_unknown_directive(directive, hint):
    (finding,) = judge({"default-src": ["'self'"], directive: ["'self'"]}).findings
    assert finding.message == (
        f"SECURE_CSP[{directive!r}] is no directive that browsers know, so it protects nothing."
    )
    assert finding.hint == hint


@pytest.mark.parametrize("name", ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"])
@pytest.mark.parametrize("value", ["default-src 'self'", ["'self'"], ""])
def test_fires_for_what_is_no_dictionary(name, value):
    (finding,) = judge(value, name=name).findings
    assert finding.message == f"{name} is of type {type(value).__name__}, and must be a dictionary."


@pytest.mark.parametrize(
    "policy",
    [
        None,
        {},
        {
            "default-src": ["'self'"],
            "img-src": ["'self'", "data:", "https://*.a.example", "*", "a.example:443"],
        },
        {"script-src": ["'self'", NONCE, "'strict-dynamic'", "'sha256-abc='", "'report-sample'"]},
        {"script-src": ["'unsafe-hashes'", "'wasm-unsafe-eval'", "'Unsafe-Inline'", "'nonce-abc'"]},
        {"default-src": [NONCE], "style-src": NONCE, "style-src-elem": {NONCE}},
        {"DEFAULT-SRC": ["'self'"], "fenced-frame-src": ["https:"]},
        {"sandbox": ["allow-scripts", "allow-forms"], "upgrade-insecure-requests": True},
        {"report-uri": "https://o1.ingest.example/api/1/security/?sentry_key=abc,def", "report-to": "csp"},
        {"require-trusted-types-for": "'script'", "trusted-types": ["none", "default", "'allow-duplicates'"]},
        {"img-src": None, "Script_Src": None, "x": False},
        {"script-src": ["'a-keyword-of-the-future'", "localhost:3000", "ws://localhost:3000", "wss:"]},
        {"block-all-mixed-content": True, "plugin-types": ["application/pdf"], "prefetch-src": ["'self'"]},
    ],
)
def test_is_silent(policy):
    assert judge(policy).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("default-src 'self'", "CONTENT_SECURITY_POLICY is of type str"),
        ({"default-src": ["'self'"]}, "CONTENT_SECURITY_POLICY has 'default-src', which django-csp ignores"),
        ({"DIRECTIVES": ["'self'"]}, "CONTENT_SECURITY_POLICY['DIRECTIVES'] is of type list"),
        ({"EXCLUDE_URL_PREFIXES": "/admin"}, "['EXCLUDE_URL_PREFIXES'] is a string"),
        ({"DIRECTIVES": {"default-src": ["self"]}}, "['DIRECTIVES']['default-src'] has self, which"),
        ({"DIRECTIVES": {"Default-Src": ["'self'"]}}, "is no directive that django-csp sends"),
        ({"DIRECTIVES": {"fenced-frame-src": ["'self'"]}}, "is no directive that django-csp sends"),
        ({"DIRECTIVES": {"script-src": [NONCE]}}, "take csp.constants.NONCE"),
        ({"DIRECTIVES": {"img-src": [PACKAGE_NONCE]}}, "heed for scripts and styles alone"),
    ],
)
def test_fires_for_django_csp(policy, words):
    (finding,) = judge_package(policy).findings
    assert finding.severity is Severity.ERROR
    assert words in finding.message


@pytest.mark.parametrize(
    "policy",
    [
        None,
        "",
        {"DIRECTIVES": {"default-src": ["'self'"], "script-src": [PACKAGE_NONCE]}, "REPORT_PERCENTAGE": 10},
        {"DIRECTIVES": {"upgrade-insecure-requests": [True], "report-uri": [reverse_lazy("report")]}},
        {"EXCLUDE_URL_PREFIXES": ("/admin/",)},
    ],
)
def test_is_silent_for_django_csp(policy):
    assert judge_package(policy).outcome is Outcome.PASS


@pytest.mark.parametrize("value", ["default-src 'self'", {"default-src": ["'self'"]}])
def test_a_setting_of_that_name_may_be_the_projects_own(value):
    result = judge(value, name="CONTENT_SECURITY_POLICY", middleware="shop.middleware.Headers")
    assert result.outcome is Outcome.PASS


@pytest.mark.parametrize(("value", "count"), [(("self",), 1), (("'self'",), 0)])
def test_django_csp_3_has_a_setting_for_each_directive(monkeypatch, value, count):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module == "csp")
    assert len(judge(value, name="CSP_IMG_SRC", middleware=PACKAGE).findings) == count


def test_says_where():
    files = {"conf.py": "SECURE_CSP = {\n    'img-src': ['self'],\n}\n"}
    (finding,) = judge({"img-src": ["self"]}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
    files = {"conf.py": "\nSECURE_CSP = 'x'\n"}
    (finding,) = judge("x", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
