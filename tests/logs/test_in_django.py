"""The whole way: Django's records of requests, through a LOGGING of ours, to the stream."""

import copy
import io
import json
import logging.config
import re

import pytest
from django.core.handlers.base import logger as django_request
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

SENT = "of-the-proxy-1"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "django_prodready.logs.RequestIdFilter"},
        "redaction": {"()": "django_prodready.logs.RedactionFilter"},
    },
    "formatters": {
        "json": {"()": "django_prodready.logs.JsonFormatter"},
        "plain": {"()": "django_prodready.logs.PlainFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id", "redaction"]},
    },
    "loggers": {"django.request": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


def broken(request):
    raise LookupError(f"no row for\n{request.GET['password']} at redis://:s3cret@cache/0")


def missing(request):
    raise Http404


def refused(request):
    return HttpResponse(status=403)


urlpatterns = [path("broken/", broken), path("missing/", missing), path("refused/", refused)]


@pytest.fixture
def lines(settings):
    """What a request writes, under a formatter."""
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["*"]
    settings.MIDDLEWARE = ["django_prodready.middleware.RequestIdMiddleware"]
    kept = (django_request.handlers, django_request.level, django_request.propagate)

    def ask(formatter, url):
        stream = io.StringIO()
        configured = copy.deepcopy(LOGGING)
        configured["handlers"]["console"] |= {"formatter": formatter, "stream": stream}
        logging.config.dictConfig(configured)
        Client(raise_request_exception=False).get(url, headers={"X-Request-ID": SENT})
        return stream.getvalue().splitlines()

    yield ask
    django_request.handlers, django_request.level, django_request.propagate = kept


@pytest.mark.parametrize(
    ("url", "level", "message", "status"),
    [
        ("/missing/?token=x1y2z3", "WARNING", "Not Found: /missing/", 404),
        ("/refused/", "WARNING", "Forbidden: /refused/", 403),
    ],
)
def test_a_request_that_failed_is_one_object(lines, url, level, message, status):
    (line,) = lines("json", url)
    said = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", said.pop("time"))
    assert said == {
        "level": level,
        "logger": "django.request",
        "message": message,
        "request_id": SENT,
        "method": "GET",
        "path": message.partition(": ")[2],
        "status_code": status,
    }


def test_an_exception_of_a_view_is_in_its_object(lines, password):
    (line,) = lines("json", f"/broken/?password={password.replace('#', '%23')}")
    said = json.loads(line)
    assert (said["status_code"], said["request_id"]) == (500, SENT)
    assert said["exception"]["type"] == "LookupError"
    assert said["exception"]["message"] == "no row for\n[redacted] at redis://:[redacted]@cache/0"
    assert password not in line


def test_an_exception_of_a_view_is_below_its_line(lines, password):
    first, *others = lines("plain", f"/broken/?password={password.replace('#', '%23')}")
    assert first.endswith(f"Z ERROR django.request [{SENT}] Internal Server Error: /broken/")
    assert others[0] == "  Traceback (most recent call last):"
    assert others[-2:] == ["  LookupError: no row for", "  [redacted] at redis://:[redacted]@cache/0"]
    assert all(line.startswith("  ") for line in others)
