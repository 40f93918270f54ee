import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HEALTH = "django_prodready.middleware.HealthMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
OWN = '''
"""HttpResponse and redirect( in the module's own words."""
import logging

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from django_prodready.middleware import HealthMiddleware


class OurHealth(HealthMiddleware):
    """One of ours."""


class Maintenance:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.closed() or self.get_response(request)

    def closed(self):
        return HttpResponse(status=503)


class Forbids(MiddlewareMixin):
    def process_request(self, request):
        return HttpResponseForbidden()


class Tenants(MiddlewareMixin):
    def process_request(self, request):
        request.tenant = Tenant.objects.get(domain=request.META["HTTP_HOST"])


class Strict(MiddlewareMixin):
    def process_request(self, request):
        raise ValueError(request)


class StrictChild(Strict):
    pass


def moved(get_response):
    def middleware(request):
        return redirect("/elsewhere/")

    return middleware


class RequestId:
    """Adds an id; never an HttpResponse of its own."""

    def __init__(self, get_response):
        if get_response is None:
            raise ValueError
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # would raise ValueError, or redirect() elsewhere
        response: HttpResponse = self.get_response(request)
        try:
            response["X-Request-Id"] = "1"
        except Exception:
            logging.exception("no id")
            raise
        return response


class Views(MiddlewareMixin):
    limit = 3

    @staticmethod
    def quiet():
        return None

    def process_view(self, request, view, args, kwargs):
        return HttpResponse()

    def process_exception(self, request, exception):
        return HttpResponse()


def headers(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Powered-By"] = "tea"
        return response

    return middleware


built = type("Built", (), {"__init__": lambda self, get: None, "__call__": lambda self, request: None})
'''


def judge(*middleware, **options):
    files = {"own.py": OWN, **options.pop("files", {})}
    settings = {"MIDDLEWARE": list(middleware), **options}
    return run_check("health.middleware-first", settings=settings, files=files)


def test_is_not_applicable_without_ours():
    assert judge(SECURITY, COMMON).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "above",
    [
        [],
        [SESSION],
        ["django.middleware.gzip.GZipMiddleware"],
        ["django.contrib.auth.middleware.LoginRequiredMiddleware"],
        ["whitenoise.middleware.WhiteNoiseMiddleware"],
        ["own.RequestId"],
        ["own.Views"],
        ["own.headers"],
        ["own.built"],
        ["own.no_such_thing"],
        ["django_prometheus.middleware.PrometheusBeforeMiddleware"],
        ["own.RequestId", SESSION, "own.headers"],
    ],
    ids=str,
)
def test_what_only_looks_on_may_come_first(above):
    assert judge(*above, HEALTH, SECURITY, COMMON, "own.Forbids").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "above",
    [
        COMMON,
        "django.middleware.cache.FetchFromCacheMiddleware",
        "django.middleware.cache.CacheMiddleware",
        "own.Maintenance",
        "own.Forbids",
        "own.Tenants",
        "own.Strict",
        "own.StrictChild",
        "own.moved",
    ],
)
def test_what_can_answer_may_not(above):
    (finding,) = judge(above, HEALTH).findings
    name = above.rpartition(".")[2]
    assert finding.message == (
        f"{name} stands before HealthMiddleware in MIDDLEWARE and can refuse or redirect what the"
        " platform's probes ask."
    )
    assert finding.hint == f"Move '{HEALTH}' to the first place in MIDDLEWARE."
    assert finding.severity is Severity.ERROR
    assert finding.subject == "MIDDLEWARE[1]"


@pytest.mark.parametrize(("redirects", "severity"), [(True, Severity.ERROR), (False, Severity.WARNING)])
def test_security_above_is_milder_while_nothing_is_redirected(redirects, severity):
    (finding,) = judge(SECURITY, HEALTH, SECURE_SSL_REDIRECT=redirects).findings
    assert finding.severity is severity
    (finding,) = judge(SECURITY, COMMON, HEALTH, SECURE_SSL_REDIRECT=redirects).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith("SecurityMiddleware and CommonMiddleware stand before")


def test_more_than_two_are_counted():
    (finding,) = judge(SECURITY, COMMON, "own.Forbids", "own.Strict", HEALTH).findings
    assert finding.message.startswith("SecurityMiddleware and CommonMiddleware and 2 more stand before")


def test_a_subclass_of_ours_is_ours():
    assert judge("own.OurHealth", COMMON).outcome is Outcome.PASS
    (finding,) = judge(COMMON, "own.OurHealth").findings
    assert finding.hint == "Move 'own.OurHealth' to the first place in MIDDLEWARE."


def test_the_fingerprint_does_not_move_with_the_list():
    (one,) = judge(COMMON, HEALTH).findings
    (other,) = judge(SESSION, COMMON, HEALTH).findings
    assert one.fingerprint == other.fingerprint


def test_a_wrapper_answers_before_all_of_them():
    wrapped = "from django_prodready.wsgi import with_health\napplication = with_health(make())\n"
    result = judge(COMMON, HEALTH, files={"shop/wsgi.py": wrapped})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "shop/wsgi.py answers probes before Django does"


def test_says_where():
    text = f"MIDDLEWARE = [\n    {COMMON!r},\n    {HEALTH!r},\n]\n"
    result = run_check(
        "health.middleware-first",
        settings={"MIDDLEWARE": [COMMON, HEALTH]},
        files={"conf.py": text},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:3"
