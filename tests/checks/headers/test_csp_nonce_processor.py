import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
PROCESSOR = "django.template.context_processors.csp"
NONCE = "<CSP_NONCE_SENTINEL>"
POLICY = {"default-src": ["'self'"], "script-src": ["'self'", NONCE]}


def judge(policy=POLICY, *, name="SECURE_CSP", files=None, settings_module=None, **settings):
    settings = {"MIDDLEWARE": [DJANGO], name: policy, **settings}
    return run_check(
        "headers.csp-nonce-processor", settings=settings, files=files, settings_module=settings_module
    )


def engines(*processors, backend="django.template.backends.django.DjangoTemplates"):
    return [{"BACKEND": backend, "OPTIONS": {"context_processors": list(processors)}}]


@pytest.mark.parametrize("name", ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"])
@pytest.mark.parametrize(
    "templates",
    [None, [], ["no engine"], [{"OPTIONS": None}], [{"OPTIONS": {}}], engines("shop.context.cart")],
)
def test_fires(name, templates):
    (finding,) = judge(name=name, TEMPLATES=templates).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith(f"{name}['script-src'] has CSP.NONCE, and no engine of TEMPLATES ")
    assert finding.subject == "TEMPLATES"


@pytest.mark.parametrize("policy", [{"style-src": NONCE}, {"script-src": (NONCE,)}, {"script-src": {NONCE}}])
def test_fires_however_the_nonce_is_written(policy):
    assert len(judge(policy).findings) == 1


@pytest.mark.parametrize(
    "templates",
    [
        engines(PROCESSOR),
        [
            *engines("shop.context.cart"),
            *engines(PROCESSOR, backend="django.template.backends.jinja2.Jinja2"),
        ],
    ],
)
def test_is_silent(templates):
    assert judge(TEMPLATES=templates).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "text",
    [
        "from django.middleware.csp import get_nonce\n",
        "def csp(request):\n    return {'csp_nonce': str(request._csp_nonce)}\n",
        "from django.template.context_processors import csp\n",
        "from django.template import context_processors\n\nown = context_processors.csp\n",
    ],
)
def test_is_silent_when_code_hands_the_nonce_on(text):
    assert judge(files={"shop/context.py": text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"policy": {"script-src": ["'self'", "'sha256-abc='"]}},
        {"policy": {}},
        {"MIDDLEWARE": []},
        {"MIDDLEWARE": [PACKAGE]},
        {
            "policy": {"DIRECTIVES": {"script-src": ["'self'"]}},
            "name": "CONTENT_SECURITY_POLICY",
            "MIDDLEWARE": [PACKAGE],
        },
    ],
)
def test_is_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where_and_takes_no_settings_for_code():
    files = {"conf.py": "# request.csp_nonce is for templates\nTEMPLATES = []\n"}
    (finding,) = judge(files=files, settings_module="conf", TEMPLATES=[]).findings
    assert str(finding.at) == "conf.py:2"
