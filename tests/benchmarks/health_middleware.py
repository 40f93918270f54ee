"""What HealthMiddleware costs: requests that pass through it, and liveness against a bare view.

Django's own handler answers both in this process, in turns, without a server in between; what
counts is the median of the ratios.
"""

import statistics
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

HEALTH = "django_prodready.middleware.HealthMiddleware"
USUAL = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TURNS = 30
REQUESTS = 2_000


def page(request: HttpRequest) -> HttpResponse:
    """A page that does nothing."""
    return HttpResponse("a page")


def bare_health(request: HttpRequest) -> HttpResponse:
    """Liveness as a project would write it."""
    return JsonResponse({"status": "healthy", "version": "1"})


urlpatterns = [path("page/", page), path("bare-health/", bare_health)]


def handler(middleware: list[str]) -> BaseHandler:
    """A handler with this middleware."""
    settings.MIDDLEWARE = middleware
    made = BaseHandler()
    made.load_middleware()
    return made


def seconds(answer: Callable[[HttpRequest], HttpResponse], path_info: str) -> float:
    """How long REQUESTS requests take."""
    started_s = time.perf_counter()
    for _ in range(REQUESTS):
        request = HttpRequest()
        request.method, request.path, request.path_info = "GET", path_info, path_info
        request.META = {"HTTP_HOST": "www.example.org", "SERVER_NAME": "www.example.org", "SERVER_PORT": "80"}
        assert answer(request).status_code == 200
    return time.perf_counter() - started_s


def report(title: str, measured: Callable[[], float], against: Callable[[], float]) -> None:
    """Run both in turns and print the median ratio."""
    ratios = [measured() / against() for _ in range(TURNS)]
    print(f"{title}: {statistics.median(ratios):.3f}")


def main() -> None:
    """Print the figures."""
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["www.example.org"], PRODREADY={"VERSION": "1"})
    django.setup()
    bare, ours = handler(USUAL), handler([HEALTH, *USUAL])
    for made, path_info in ((bare, "/page/"), (ours, "/page/"), (ours, "/health/")):
        seconds(made.get_response, path_info)
    report(
        "time of a request that passes through, with / without HealthMiddleware",
        lambda: seconds(ours.get_response, "/page/"),
        lambda: seconds(bare.get_response, "/page/"),
    )
    report(
        "time of a liveness answer, by HealthMiddleware / by a bare view behind the usual middleware",
        lambda: seconds(ours.get_response, "/health/"),
        lambda: seconds(bare.get_response, "/bare-health/"),
    )


if __name__ == "__main__":
    main()
