"""What the request's id, Permissions-Policy and logging without secrets cost, beside what others have.

Each is asked the same in this process, in turns, in an order of its own in every round; what counts is the
least of all rounds, because whatever else the machine does meanwhile only adds to it. Only ratios mean
anything elsewhere. python-json-logger and django-permissions-policy are measured where they are installed.

The secrets are those of a site with a database, a cache and eight services of other people's: the more there
are, the longer each record is searched.
"""

import logging
import os
import random
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import TextIO

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import path

ROUNDS = 25
REQUESTS = 500
RECORDS = 500
OURS = "django_prodready.middleware."
THEIRS = "django_permissions_policy.PermissionsPolicyMiddleware"
SECRETS = {f"SERVICE_{number}_TOKEN": f"{number}Kq7xWv3Lm5Rb1Tn8Yc2Hd6Jf4Gp0Sa" for number in range(8)}
POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}

Work = Callable[[], None]


def page(request: HttpRequest) -> HttpResponse:
    """A page of a site."""
    return HttpResponse("a page")


urlpatterns = [path("page/", page)]


def requests(middleware: list[str]) -> Work:
    """Return what answers REQUESTS requests through Django's handler, from the environ on."""
    with override_settings(MIDDLEWARE=middleware):
        handler = WSGIHandler()
    environ = RequestFactory().get("/page/", headers={"X-Request-ID": "of-the-proxy-1"}).environ

    def answer(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        pass

    def work() -> None:
        for _ in range(REQUESTS):
            handler(dict(environ), answer).close()

    return work


class Nowhere(logging.StreamHandler[TextIO]):
    """Formats a record, and writes it to nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        """Format it."""
        self.format(record)


def records(
    formatter: logging.Formatter, filters: tuple[logging.Filter, ...], message: str, *arguments: object
) -> Work:
    """Return what logs RECORDS records."""
    handler = Nowhere()
    handler.setFormatter(formatter)
    for each in filters:
        handler.addFilter(each)
    logger = logging.getLogger(f"shop.{id(handler)}")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)

    def work() -> None:
        for _ in range(RECORDS):
            logger.info(message, *arguments)

    return work


def least_s(works: dict[str, Work]) -> dict[str, float]:
    """Return for each the least time of all rounds."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name in random.sample(list(works), len(works)):
            started_s = time.perf_counter()
            works[name]()
            seen[name].append(time.perf_counter() - started_s)
    return {name: min(spent) for name, spent in seen.items()}


def report(title: str, works: dict[str, Work], times: int) -> None:
    """Print what each takes, and its ratio to the first."""
    spent = least_s(works)
    first = next(iter(spent.values()))
    print(f"\n{title}")
    for name, spent_s in spent.items():
        print(f"  {name:44}{1e6 * spent_s / times:8.2f} us {spent_s / first:7.2f}")


def report_requests() -> None:
    """Print what the middleware adds to a request."""
    stacks = {
        "without middleware": [],
        "RequestIdMiddleware": [f"{OURS}RequestIdMiddleware"],
        "PermissionsPolicyMiddleware": [f"{OURS}PermissionsPolicyMiddleware"],
        "both": [f"{OURS}RequestIdMiddleware", f"{OURS}PermissionsPolicyMiddleware"],
    }
    if find_spec("django_permissions_policy"):
        stacks["django-permissions-policy"] = [THEIRS]
    report("a request", {name: requests(stack) for name, stack in stacks.items()}, REQUESTS)


def report_records(title: str, message: str, *arguments: object) -> None:
    """Print what a call of a logger takes."""
    from django_prodready.logs import JsonFormatter, PlainFormatter, RedactionFilter, RequestIdFilter

    own = logging.Formatter("{asctime} {levelname} {name} {message}", style="{")
    both = (RequestIdFilter(), RedactionFilter())
    works = {
        "logging.Formatter": records(own, (), message, *arguments),
        "logging.Formatter, RedactionFilter": records(own, both[1:], message, *arguments),
        "PlainFormatter": records(PlainFormatter(), (), message, *arguments),
        "PlainFormatter, both filters": records(PlainFormatter(), both, message, *arguments),
        "JsonFormatter": records(JsonFormatter(), (), message, *arguments),
        "JsonFormatter, both filters": records(JsonFormatter(), both, message, *arguments),
    }
    if find_spec("pythonjsonlogger"):
        from pythonjsonlogger.json import JsonFormatter as TheirFormatter

        their = TheirFormatter("{asctime} {levelname} {name} {message}", style="{")
        works["python-json-logger"] = records(their, (), message, *arguments)
    report(title, works, RECORDS)


def main() -> int:
    """Print the figures."""
    os.environ.update(SECRETS, REDIS_URL="redis://:s3cret-of-the-cache@cache:6379/0")
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="k9Qz7xWv3Lm5Rb1Tn8Yc2Hd6Jf4Gp0Sa" * 2,
        DATABASES={
            "default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "s3cret-of-the-database"}
        },
        PERMISSIONS_POLICY=POLICY,
    )
    django.setup()
    report_requests()
    report_records("a record", "Order %s of %s was sent in %d ms", "4711", "bob@example.org", 12)
    report_records("one that must be looked at", "GET https://shop.example/auth/?page=%d key=%s", 2, "size")
    report_records("one that holds a secret", "Connecting to %s", "redis://:s3cret-of-the-cache@cache:6379/0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
