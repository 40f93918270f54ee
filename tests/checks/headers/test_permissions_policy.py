import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.PermissionsPolicyMiddleware"
THEIRS = "django_permissions_policy.PermissionsPolicyMiddleware"
POLICY = {"camera": [], "geolocation": "self"}


def judge(*, files=None, settings_module=None, **settings):
    return run_check(
        "headers.permissions-policy", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("settings", "words", "subject"),
    [
        ({}, "No Permissions-Policy header is sent", "MIDDLEWARE"),
        ({"PERMISSIONS_POLICY": {}}, "No Permissions-Policy header is sent", "MIDDLEWARE"),
        ({"PERMISSIONS_POLICY": POLICY}, "PERMISSIONS_POLICY is set, and nothing sends it", "MIDDLEWARE"),
        ({"MIDDLEWARE": [THEIRS]}, f"{THEIRS} sends nothing", "PERMISSIONS_POLICY"),
        ({"MIDDLEWARE": [OURS], "PERMISSIONS_POLICY": {}}, f"{OURS} sends nothing", "PERMISSIONS_POLICY"),
    ],
)
def test_fires(settings, words, subject):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(words)
    assert finding.subject == subject


@pytest.mark.parametrize("middleware", [OURS, THEIRS])
def test_is_silent(middleware):
    assert judge(MIDDLEWARE=[middleware], PERMISSIONS_POLICY=POLICY).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", 'add_header Permissions-Policy "camera=()";\n'),
        ("compose.yml", "- traefik.http.middlewares.h.headers.permissionsPolicy=camera=()\n"),
        ("shop/views.py", "def page(request):\n    response['Permissions-Policy'] = 'camera=()'\n"),
    ],
)
def test_is_silent_when_something_else_sends_it(path, text):
    assert judge(files={path: text}).outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "MIDDLEWARE = []\n"}
    (finding,) = judge(files=files, settings_module="conf", MIDDLEWARE=[]).findings
    assert str(finding.at) == "conf.py:1"


def test_is_not_applicable_to_an_api_without_pages():
    files = {"api/urls.py": "urlpatterns = []\n"}
    assert judge(files=files, TEMPLATES=[], MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_a_page_that_code_makes_counts_without_an_engine():
    files = {"shop/views.py": "def page(request):\n    return render(request, 'page.html')\n"}
    assert judge(files=files, TEMPLATES=[], MIDDLEWARE=[]).outcome is Outcome.FAIL
