import pytest
from csp.constants import NONCE as PACKAGE_NONCE

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
NONCE = "<CSP_NONCE_SENTINEL>"
SELF, NONE, INLINE, DYNAMIC = "'self'", "'none'", "'unsafe-inline'", "'strict-dynamic'"
HASH = "'sha256-2f1c1tXM4lrX9aNz7cYyJ1xQ4kz0w5yqYk1m0o2Vb3E='"


def judge(policy, *, name="SECURE_CSP", middleware=DJANGO, files=None, settings_module=None, **settings):
    settings = {"MIDDLEWARE": [middleware], name: policy, **settings}
    return run_check("headers.csp-weak", settings=settings, files=files, settings_module=settings_module)


def judge_package(directives, **settings):
    policy = {"DIRECTIVES": directives}
    return judge(policy, name="CONTENT_SECURITY_POLICY", middleware=PACKAGE, **settings)


@pytest.mark.parametrize(
    ("policy", "directive", "words"),
    [
        ({"script-src": [SELF, INLINE]}, "script-src", "has 'unsafe-inline' and neither"),
        ({"script-src": f"{SELF} {INLINE}"}, "script-src", "has 'unsafe-inline' and neither"),
        ({"script-src": {"'UNSAFE-inline'"}}, "script-src", "has 'unsafe-inline' and neither"),
        ({"default-src": [SELF, INLINE]}, "default-src", "has 'unsafe-inline' and neither"),
        ({"script-src": [SELF], "script-src-attr": [INLINE]}, "script-src-attr", "has 'unsafe-inline'"),
        ({"script-src": [SELF], "script-src-elem": [INLINE]}, "script-src-elem", "has 'unsafe-inline'"),
        ({"script-src": ["*"]}, "script-src", "has *: scripts of any site run"),
        ({"script-src": [SELF, "https:"]}, "script-src", "has https:: scripts of any site run"),
        ({"script-src": [NONCE, "HTTP:"]}, "script-src", "has http:: scripts of any site run"),
        ({"script-src": [SELF, "data:"]}, "script-src", "has data:: a script in an address runs"),
        ({"script-src": [SELF, "'nonce-abc123'"]}, "script-src", "has a nonce that never changes"),
        ({"default-src": None, "img-src": [SELF]}, "script-src", "is missing, and default-src too"),
        ({"default-src": False}, "script-src", "is missing, and default-src too"),
    ],
)
def test_fires(policy, directive, words):
    policy = {"object-src": [NONE], **policy}
    (finding,) = judge(policy).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == f"SECURE_CSP[{directive!r}]"
    assert finding.message.startswith(f"{finding.subject} {words}")
    assert "abc123" not in repr(finding)


@pytest.mark.parametrize(
    ("policy", "directive"),
    [
        ({"script-src": [SELF, "'unsafe-eval'"], "object-src": [NONE]}, "script-src"),
        ({"default-src": [SELF], "style-src": [SELF, INLINE]}, "style-src"),
        ({"default-src": [SELF], "style-src": [SELF], "style-src-elem": [INLINE]}, "style-src-elem"),
        ({"default-src": [SELF], "object-src": ["*"]}, "object-src"),
        ({"script-src": [SELF]}, "object-src"),
    ],
)
def test_the_lesser_holes_are_information(policy, directive):
    (finding,) = judge(policy).findings
    assert finding.severity is Severity.INFO
    assert finding.subject == f"SECURE_CSP[{directive!r}]"


@pytest.mark.parametrize(
    "policy",
    [
        {"default-src": [NONE]},
        {"default-src": [SELF]},
        {"default-src": [SELF], "img-src": ["*", "data:"], "connect-src": ["https:"]},
        {"default-src": [SELF], "script-src": [SELF, "https://js.example.org", "https://*.example.org"]},
        {"default-src": [SELF], "script-src": [NONCE, INLINE]},
        {"default-src": [SELF], "script-src": [HASH, INLINE]},
        {"default-src": [SELF], "script-src": [DYNAMIC, NONCE, "https:", "http:", INLINE]},
        {"default-src": [SELF], "style-src": [SELF, INLINE, NONCE]},
        {"default-src": [SELF], "script-src": (SELF,), "upgrade-insecure-requests": True},
        {"default-src": [SELF], "script-src": [SELF, "blob:", "'wasm-unsafe-eval'"]},
        {"Default-Src": [SELF]},
        {"default-src": [SELF, 5]},
    ],
)
def test_is_silent(policy):
    assert judge(policy).outcome is Outcome.PASS


def test_several_holes_are_several_findings():
    policy = {"script-src": [INLINE], "script-src-attr": [INLINE], "style-src": [INLINE]}
    result = judge(policy)
    assert [finding.subject for finding in result.findings] == [
        f"SECURE_CSP[{name!r}]" for name in ("script-src", "script-src-attr", "style-src", "object-src")
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"policy": {}},
        {"policy": "default-src *"},
        {"policy": {"default-src": ["*"]}, "middleware": "django.middleware.common.CommonMiddleware"},
    ],
)
def test_is_not_applicable_where_no_policy_is_sent(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_where_a_subclass_makes_the_policy():
    text = "from csp.middleware import *\n\nclass Own(CSPMiddleware):\n    def get_policy_parts(self): pass\n"
    settings = {"middleware": "own_csp.Own", "name": "CONTENT_SECURITY_POLICY"}
    result = judge({"DIRECTIVES": {"script-src": [INLINE]}}, files={"own_csp.py": text}, **settings)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert "own_csp.Own makes the policy" in result.reason


def test_a_policy_that_only_reports_is_information():
    (finding,) = judge({"default-src": [SELF, INLINE]}, name="SECURE_CSP_REPORT_ONLY").findings
    assert finding.severity is Severity.INFO


def test_a_policy_that_only_reports_beside_an_enforced_one_is_not_judged():
    weak = {"default-src": [SELF, INLINE]}
    assert judge({"default-src": [SELF]}, SECURE_CSP_REPORT_ONLY=weak).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("directives", "subject"),
    [
        ({"script-src": [SELF, INLINE]}, "CONTENT_SECURITY_POLICY['DIRECTIVES']['script-src']"),
        ({"default-src": None}, "CONTENT_SECURITY_POLICY['DIRECTIVES']['script-src']"),
    ],
)
def test_fires_for_django_csp(directives, subject):
    finding, *_ = judge_package(directives).findings
    assert finding.subject == subject
    assert finding.severity is Severity.WARNING
    assert "csp.constants.NONCE" in finding.hint


@pytest.mark.parametrize(
    "directives", [{}, {"img-src": ["*"]}, {"script-src": [PACKAGE_NONCE, INLINE]}, {"script-src": [SELF]}]
)
def test_is_silent_for_django_csp(directives):
    assert judge_package(directives).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("settings", "subjects"),
    [
        ({}, []),
        ({"CSP_DEFAULT_SRC": "'self'", "CSP_SCRIPT_SRC": ("'self'", INLINE)}, ["CSP_SCRIPT_SRC"]),
        ({"CSP_DEFAULT_SRC": ("'self'", INLINE)}, []),  # it puts the nonce in
        ({"CSP_DEFAULT_SRC": ("'self'", INLINE), "CSP_INCLUDE_NONCE_IN": []}, ["CSP_DEFAULT_SRC"]),
        ({"CSP_SCRIPT_SRC": ("'self'", INLINE), "CSP_INCLUDE_NONCE_IN": ["script-src"]}, []),
        ({"CSP_INCLUDE_NONCE_IN": ["script-src"], "CSP_EXCLUDE_URL_PREFIXES": ("/x",)}, []),
    ],
)
def test_django_csp_3_has_a_setting_for_each_directive(monkeypatch, settings, subjects):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module == "csp")
    result = run_check("headers.csp-weak", settings={"MIDDLEWARE": [PACKAGE], **settings})
    assert [finding.subject for finding in result.findings] == subjects


def test_says_where():
    text = (
        "CONTENT_SECURITY_POLICY = {\n  'DIRECTIVES': {\n    'script-src': [\"'unsafe-inline'\"],\n  },\n}\n"
    )
    (finding,) = judge_package(
        {"script-src": [INLINE]}, files={"conf.py": text}, settings_module="conf"
    ).findings
    assert str(finding.at) == "conf.py:3"
    text = "SECURE_CSP = {\n  'default-src': [\"'self'\"],\n  'script-src': [\"'unsafe-inline'\"],\n}\n"
    policy = {"default-src": [SELF], "script-src": [INLINE]}
    (finding,) = judge(policy, files={"conf.py": text}, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
