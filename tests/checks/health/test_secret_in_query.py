import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

# A guide's view, as it stands there.
GUIDE = '''
from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.http import require_GET


@require_GET
def monitored_health_check(request):
    """External monitoring endpoint with optional authentication."""
    secret = request.GET.get('secret')
    expected_secret = getattr(settings, 'HEALTH_CHECK_SECRET', None)

    if expected_secret and secret != expected_secret:
        return JsonResponse({"error": "Unauthorized"}, status=401)
    return JsonResponse({})
'''
USED = "from views import monitored_health_check\nurlpatterns = [monitored_health_check]\n"


def judge(files, **settings):
    return run_check("health.secret-in-query", settings=settings, files=files)


def view(read, name="health_check"):
    return {
        "views.py": f"def {name}(request):\n    return {read}\n",
        "urls.py": f"from views import {name}\n",
    }


def test_the_guides_view_is_found():
    (finding,) = judge({"shop/views/health.py": GUIDE, "shop/urls.py": USED}).findings
    assert finding.message == (
        "monitored_health_check() reads 'secret' from the query string, which access logs keep."
    )
    assert finding.hint == "Read the secret of monitored_health_check() from a header such as Authorization."
    assert str(finding.at) == "shop/views/health.py:10"
    assert finding.severity is Severity.WARNING


def test_a_view_that_nothing_uses_is_information():
    (finding,) = judge({"shop/views/health.py": GUIDE, "shop/urls.py": "urlpatterns = []\n"}).findings
    assert finding.severity is Severity.INFO
    (finding,) = judge({"urls.py": GUIDE + "\nurlpatterns = [monitored_health_check]\n"}).findings
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "read",
    [
        'request.GET["token"]',
        'request.GET.get("key", "")',
        'request.GET.getlist("api_key")',
        'self.request.query_params.get("watchman-token")',
        'request.query_params["PASSWORD"]',
    ],
)
@pytest.mark.parametrize("name", ["readyz", "ready", "HealthView", "is_alive", "livenessProbe", "ping"])
def test_secrets_have_many_names(read, name):
    assert judge(view(read, name)).findings[0].subject == name


def test_a_class_is_a_view_too():
    text = 'class HealthView:\n    async def get(self, request):\n        return request.GET["secret"]\n'
    (finding,) = judge({"views.py": text, "urls.py": "from views import HealthView\n"}).findings
    assert (finding.subject, finding.at.line) == ("HealthView", 3)


@pytest.mark.parametrize(
    "files",
    [
        view('request.GET.get("format")'),
        view('request.GET.get("probe")'),
        view('request.GET["monkey"]'),
        view("request.GET[name]"),
        view("request.GET[0]"),
        view("request.GET.get()"),
        view('request.GET.copy("token")'),
        view('request.headers.get("X-Health-Token")'),
        view('request.POST.get("token")'),
        view('request.GET.get("token")', "unsubscribe"),
        view('request.GET.get("token")', "already_done"),
        view('request.GET.get("token") or health', "unsubscribe"),
        view('request.GET.get("key")', "shipping"),
        {"views.py": 'TOKEN = request.GET.get("token")  # health\n'},
        {"tests/test_health.py": 'def health(request):\n    return request.GET["token"]\n'},
        {"views.py": 'def health(request:\n    return request.GET["token"]\n'},
    ],
    ids=str,
)
def test_what_is_no_secret_of_a_health_view(files):
    assert judge(files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("file", "text", "path", "parameter"),
    [
        (
            "Dockerfile",
            "HEALTHCHECK CMD curl -f http://localhost:8000/health/?token=abcdef\n",
            "/health/",
            "token",
        ),
        ("k8s/web.yaml", "httpGet:\n  path: /readyz?format=json&secret=abcdef\n", "/readyz", "secret"),
        ("render.yaml", "healthCheckPath: /api/health?key=abcdef\n", "/api/health", "key"),
        (
            "ops/monitor.sh",
            'curl "https://www.example.org/ht/?watchman-token=$T"\n',
            "/ht/",
            "watchman-token",
        ),
        ("main.tf", 'path = "/health-check/deep/?api_key=x"\n', "/health-check/deep/", "api_key"),
    ],
)
def test_a_file_that_asks_with_a_secret(file, text, path, parameter):
    (finding,) = judge({file: text}).findings
    assert finding.message == (
        f"{file} asks {path} with {parameter!r} in the query string, which access logs keep."
    )
    assert finding.severity is Severity.WARNING
    assert "abcdef" not in repr(finding)


def test_each_path_is_told_once():
    text = "curl localhost/health/?token=a\ncurl localhost/health/?token=b\ncurl localhost/ready/?token=c\n"
    findings = judge({"probe.sh": text}).findings
    assert [(finding.subject, finding.at.line) for finding in findings] == [("/health/", 1), ("/ready/", 3)]
    assert len({finding.fingerprint for finding in findings}) == 2


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("compose.yml", "test: curl -f http://localhost:8000/health/?probe=database\n"),
        ("compose.yml", "# curl -f http://localhost:8000/health/?token=abc\n"),
        ("compose.yml", "callback: https://www.example.org/login/?token=abc\n"),
        ("docs/health.yml", "test: curl -f http://localhost:8000/health/?token=abc\n"),
        (".github/workflows/ci.yml", "run: curl http://localhost:8000/health/?token=abc\n"),
        ("README.md", "curl http://localhost:8000/health/?token=abc\n"),
    ],
)
def test_other_files_and_queries_do_not_count(file, text):
    assert judge({file: text}).outcome is Outcome.PASS
