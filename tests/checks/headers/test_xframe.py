import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

MIDDLEWARE = "django.middleware.clickjacking.XFrameOptionsMiddleware"
OWN = "from django.middleware.clickjacking import *\n\nclass Own(XFrameOptionsMiddleware):\n"
METHOD = "    def get_xframe_options_value(self, request, response):\n        return 'DENY'\n"
DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
SETTER = """
def headers(get_response):
    def middleware(request):
        response = get_response(request)
        response[{name!r}] = {value!r}
        return response

    return middleware
"""


def judge(*, files=None, settings_module=None, **settings):
    return run_check("headers.xframe", settings=settings, files=files, settings_module=settings_module)


def test_fires_without_the_middleware():
    (finding,) = judge(MIDDLEWARE=[]).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("XFrameOptionsMiddleware is not in MIDDLEWARE: any site ")
    assert finding.subject == "MIDDLEWARE"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("ALLOW-FROM https://a.example", "browsers ignore it"),
        ("ALLOWALL", "browsers ignore it"),
        (None, "fails on it"),
        (["DENY"], "fails on it"),
    ],
)
def test_fires_for_a_value_that_browsers_do_not_know(value, words):
    (finding,) = judge(X_FRAME_OPTIONS=value).findings
    assert finding.message.startswith(f"X_FRAME_OPTIONS is {value!r}: ")
    assert words in finding.message


@pytest.mark.parametrize("value", ["DENY", "SAMEORIGIN", "deny", "SameOrigin"])
def test_is_silent(value):
    assert judge(X_FRAME_OPTIONS=value).outcome is Outcome.PASS


@pytest.mark.parametrize("value", ["DENY", "ALLOWALL"])
def test_a_subclass_may_decide_the_value(value):
    settings = {"MIDDLEWARE": ["own_frames.Own"], "X_FRAME_OPTIONS": value}
    assert judge(files={"own_frames.py": OWN + METHOD}, **settings).outcome is Outcome.PASS


def test_a_subclass_may_read_the_setting():
    files = {"own_frames.py": f"{OWN}    pass\n"}
    assert judge(files=files, MIDDLEWARE=["own_frames.Own"]).outcome is Outcome.PASS
    assert len(judge(files=files, MIDDLEWARE=["own_frames.Own"], X_FRAME_OPTIONS="ALLOWALL").findings) == 1


def test_a_policy_may_forbid_framing():
    policy = {"frame-ancestors": ["'none'"]}
    assert judge(MIDDLEWARE=[DJANGO], SECURE_CSP=policy).outcome is Outcome.PASS
    assert (
        judge(MIDDLEWARE=[DJANGO, MIDDLEWARE], SECURE_CSP=policy, X_FRAME_OPTIONS="X").outcome is Outcome.PASS
    )


@pytest.mark.parametrize(
    ("name", "directives"),
    [
        ("CONTENT_SECURITY_POLICY_REPORT_ONLY", {"frame-ancestors": ["'none'"]}),
        ("CONTENT_SECURITY_POLICY", {"default-src": ["'none'"]}),
        ("CONTENT_SECURITY_POLICY", {"frame-ancestors": None}),
    ],
)
def test_other_policies_do_not(name, directives):
    settings = {"MIDDLEWARE": ["csp.middleware.CSPMiddleware"], name: {"DIRECTIVES": directives}}
    assert len(judge(**settings).findings) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "add_header X-Frame-Options SAMEORIGIN;\n"),
        ("nginx.conf", "add_header Content-Security-Policy \"frame-ancestors 'self'\";\n"),
        ("compose.yml", "- traefik.http.middlewares.h.headers.framedeny=true\n"),
        ("compose.yml", "- traefik.http.middlewares.h.headers.customframeoptionsvalue=SAMEORIGIN\n"),
        ("shop/views.py", "def page(request):\n    response['X-Frame-Options'] = 'DENY'\n"),
        (
            "shop/views.py",
            "def page(request):\n    response['Content-Security-Policy'] = 'frame-ancestors *'\n",
        ),
    ],
)
def test_is_silent_when_something_else_forbids_it(path, text):
    assert judge(files={path: text}, MIDDLEWARE=[]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("name", "value"), [("X-Frame-Options", "DENY"), ("Content-Security-Policy", "frame-ancestors 'self'")]
)
def test_is_silent_when_a_middleware_forbids_it(name, value):
    files = {"own_headers.py": SETTER.format(name=name, value=value)}
    assert judge(files=files, MIDDLEWARE=["own_headers.headers"]).outcome is Outcome.PASS


def test_a_middleware_that_fails_to_import_may_be_it():
    assert judge(MIDDLEWARE=["not_there.Middleware"]).outcome is Outcome.NOT_RUN


def test_says_where():
    files = {"conf.py": "\nX_FRAME_OPTIONS = 'ALLOWALL'\n"}
    (finding,) = judge(files=files, settings_module="conf", X_FRAME_OPTIONS="ALLOWALL").findings
    assert str(finding.at) == "conf.py:2"


def test_is_not_applicable_to_an_api_without_pages():
    files = {"api/urls.py": "urlpatterns = []\n"}
    assert judge(files=files, TEMPLATES=[], MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_a_page_that_code_makes_counts_without_an_engine():
    files = {"shop/views.py": "def page(request):\n    return render(request, 'page.html')\n"}
    assert judge(files=files, TEMPLATES=[], MIDDLEWARE=[]).outcome is Outcome.FAIL
