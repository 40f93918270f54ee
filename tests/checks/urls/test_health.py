import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"
URLS = """
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views import View


def page(request):
    return HttpResponse("ok")


class SystemHealth(View):
    pass


def liveness(request):
    return HttpResponse("ok")


urlpatterns = [{routes}]
"""
MIDDLEWARE = """
from django.http import HttpResponse


def answers(get_response):
    def middleware(request):
        if request.path == "/internal/healthz-of-shop":
            return HttpResponse("ok")
        return get_response(request)

    return middleware


def plain(get_response):
    return lambda request: get_response(request)
"""


def judge(routes="path('', page)", *, files=None, middleware=(), **settings):
    return run_check(
        "urls.health",
        settings={
            "ROOT_URLCONF": "shop_urls",
            "WSGI_APPLICATION": "shop.wsgi.application",
            "MIDDLEWARE": list(middleware),
            **settings,
        },
        files={"shop_urls.py": URLS.format(routes=routes), "own.py": MIDDLEWARE, **(files or {})},
    )


@pytest.mark.parametrize(
    "routes", ["", "path('', page)", "path('ready/', page)", "path('about/', page), path('already/', page)"]
)
def test_a_site_without_a_liveness_path(routes):
    (finding,) = judge(routes).findings
    assert finding.message == "No path of this site answers whether the process is alive."
    assert finding.hint == f"Put '{OURS}' first in MIDDLEWARE: it answers /health/."
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "routes",
    [
        "path('health/', page)",
        "path('healthz', page)",
        "path('live/', liveness)",
        "path('api/v3/system-health/', page)",
        "path('<slug:tenant>/health/', page)",
        "re_path(r'^internal/(?:v1|v2)/ping/?$', page)",
        "path('internal/', include([path('status/', page)]))",
        "path('internal/', page, name='healthcheck')",
        "path('internal/', liveness)",
        "path('internal/', SystemHealth.as_view())",
        "path('', include('django_prodready.urls'))",
    ],
)
def test_a_path_of_any_name_that_speaks_of_health_counts(routes):
    assert judge(routes).outcome is Outcome.PASS


@pytest.mark.parametrize("middleware", [[OURS], ["own.answers"]])
def test_middleware_may_answer(middleware):
    assert judge(middleware=middleware).outcome is Outcome.PASS
    assert judge(middleware=["own.plain"]).outcome is Outcome.FAIL


def test_packages_whose_middleware_is_no_probe_do_not_count():
    assert judge(middleware=["csp.middleware.CSPMiddleware"]).outcome is Outcome.FAIL


def test_a_wrapper_may_answer():
    text = "from django_prodready.wsgi import with_health\napplication = with_health(make())\n"
    assert judge(files={"shop/wsgi.py": text}).outcome is Outcome.PASS


def test_ours_without_a_path_is_told_so():
    (finding,) = judge(middleware=[OURS], PRODREADY={"HEALTH_PATH": None}).findings
    assert finding.hint == "Set PRODREADY['HEALTH_PATH'] to 'health/'."
    (finding,) = judge(PRODREADY={"HEALTH_PATH": "up/"}).findings
    assert finding.hint.endswith("it answers /up/.")


@pytest.mark.parametrize(("path", "outcome"), [("/", Outcome.PASS), ("/nothing/", Outcome.FAIL)])
def test_a_page_that_a_probe_asks_counts(path, outcome):
    files = {"Dockerfile": f"HEALTHCHECK CMD curl -f http://localhost:8000{path}\n"}
    assert judge(files=files).outcome is outcome


STRANGE = """
from django.urls import path, register_converter


class Strange:
    regex = "[a-z]+"

    def to_python(self, value):
        raise TypeError(value)


register_converter(Strange, "strange")
urlpatterns = [path("<strange:name>/", print)]
"""


def test_a_page_of_which_it_cannot_be_told_counts():
    files = {"shop_urls.py": STRANGE, "Dockerfile": "HEALTHCHECK CMD curl -f http://localhost:8000/page/\n"}
    assert judge(files=files).outcome is Outcome.PASS


def test_middleware_without_a_text_answers_nothing():
    own = "methods = {'__init__': lambda self, get: None, '__call__': lambda self, request: 1}\n"
    own += "plain = type('Plain', (), methods)\n"
    assert judge(files={"own.py": own}, middleware=["own.plain"]).outcome is Outcome.FAIL


def test_a_project_that_serves_no_http_is_not_concerned():
    result = judge(WSGI_APPLICATION=None)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "nothing in the project shows that it serves HTTP"
    assert judge(WSGI_APPLICATION=None, files={"shop/asgi.py": ""}).outcome is Outcome.FAIL
    assert judge(WSGI_APPLICATION=None, ASGI_APPLICATION="shop.asgi.application").outcome is Outcome.FAIL
    assert judge(ROOT_URLCONF="").reason == "the project has no URLconf"


@pytest.mark.parametrize("platform", ["heroku", "PythonAnywhere"])
def test_a_platform_without_probes_is_not_concerned(platform):
    result = judge(PRODREADY={"FACTS": {"platform": platform}})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == f"{platform} sends no HTTP probes"


def test_a_urlconf_that_cannot_be_imported_is_not_judged():
    result = judge(files={"shop_urls.py": "import no_such_module\n"})
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "the URLconf could not be imported: ModuleNotFoundError"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"deploy/shop.service": ""}, Severity.WARNING),
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, Severity.WARNING),
        ({"Procfile": "", "Dockerfile": "FROM python\n"}, Severity.ERROR),
        ({"Procfile": "", "k8s/web.yaml": "kind: Deployment\n"}, Severity.ERROR),
        ({"Procfile": "", "k8s/web.yaml": "kind: Ingress\n"}, Severity.WARNING),
        ({"Procfile": "", "fly.toml": ""}, Severity.ERROR),
    ],
)
def test_a_server_without_a_container_makes_it_a_warning(files, severity):
    assert [finding.severity for finding in judge(files=files).findings] == [severity]


def test_a_declared_platform_makes_it_an_error():
    (finding,) = judge(files={"Procfile": ""}, PRODREADY={"FACTS": {"platform": "sevalla"}}).findings
    assert finding.severity is Severity.ERROR


def test_says_where():
    result = run_check(
        "urls.health",
        settings={"ROOT_URLCONF": "shop_urls", "WSGI_APPLICATION": "shop.wsgi.application"},
        files={"shop_urls.py": "urlpatterns = []\n", "conf.py": '\nROOT_URLCONF = "shop_urls"\n'},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
