"""What `manage.py check` says of PRODREADY and of the health path."""

import sys
import types

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import clear_url_caches, include, path, re_path

from django_prodready.health import views
from django_prodready.health.system_checks import check_paths_are_free
from django_prodready.middleware import HealthMiddleware

PATH = "django_prodready.middleware.HealthMiddleware"


def ours():
    return [message for message in checks.run_checks() if message.id.startswith("django_prodready.")]


class Derived(HealthMiddleware):
    """A project's own subclass."""


def factory(get_response):
    return get_response


def health(request):
    return HttpResponse("ok")


@pytest.fixture
def urls(settings, monkeypatch):
    """Give the project other URL patterns, and the middleware in MIDDLEWARE."""

    def use(*patterns):
        module = types.ModuleType("urls_of_this_test")
        module.urlpatterns = list(patterns)
        monkeypatch.setitem(sys.modules, "urls_of_this_test", module)
        clear_url_caches()
        settings.ROOT_URLCONF = "urls_of_this_test"

    settings.MIDDLEWARE = [*settings.MIDDLEWARE, PATH]
    yield use
    clear_url_caches()


@pytest.fixture
def middleware_module(monkeypatch):
    """Put the middleware of this file where a dotted path finds it."""
    module = types.ModuleType("middleware_of_this_test")
    module.Derived, module.factory = Derived, factory
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_a_sound_project_has_no_message():
    assert ours() == []


def test_check_fails_naming_an_unknown_key_and_the_nearest(settings):
    settings.PRODREADY = {"HELTH_PATH": "hunter2"}
    with pytest.raises(SystemCheckError) as raised:
        call_command("check")
    assert "(django_prodready.E001) PRODREADY['HELTH_PATH'] is not a known key." in str(raised.value)
    assert "HINT: Rename it to 'HEALTH_PATH', or remove it." in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_wrong_type_is_an_error_of_its_own(settings):
    settings.PRODREADY = {"READY_TTL": "1"}
    (message,) = ours()
    assert (message.id, message.level) == ("django_prodready.E002", checks.ERROR)
    assert message.msg == "PRODREADY['READY_TTL'] must be a number of seconds, 0 or more."


@pytest.mark.parametrize("route", ["health/", "health"])
def test_a_url_that_the_middleware_hides_is_a_warning(urls, route):
    urls(path(route, health, name="health"))
    (message,) = ours()
    assert (message.id, message.level) == ("django_prodready.W001", checks.WARNING)
    assert message.msg == (
        f"HealthMiddleware answers /{route}, so the URL pattern '{route}' (health) is never reached there."
    )
    assert message.hint == "Remove the URL pattern, or set PRODREADY['HEALTH_PATH'] to another path."


def test_a_url_below_an_include_is_found_too(urls, settings):
    settings.PRODREADY = {"HEALTH_PATH": "status/health/"}
    urls(path("status/", include([path("health/", health)])))
    (message,) = ours()
    assert "'status/health/'" in message.msg


def test_a_subclass_of_the_middleware_counts(urls, settings, middleware_module):
    urls(path("health/", health))
    settings.MIDDLEWARE = ["middleware_of_this_test.Derived"]
    assert [message.id for message in ours()] == ["django_prodready.W001"]


@pytest.mark.parametrize(
    "middleware",
    [
        [],
        ["middleware_of_this_test.factory"],
        ["no.such.Middleware", "django.middleware.gzip.GZipMiddleware"],
    ],
)
def test_without_the_middleware_the_url_is_the_projects_own(urls, settings, middleware_module, middleware):
    urls(path("health/", health))
    settings.MIDDLEWARE = middleware
    assert ours() == []


def test_a_disabled_path_hides_nothing(urls, settings):
    urls(path("health/", health))
    settings.PRODREADY = {"HEALTH_PATH": None}
    assert ours() == []


@pytest.mark.parametrize(
    "pattern",
    [
        path("healthy/", health),
        path("<path:page>", health),
        path("<slug:page>/", health),
        re_path(r"^((?:[\w\-]+/)*)$", health),
        re_path(r"", health),
    ],
)
def test_a_pattern_that_was_not_meant_for_it_is_no_warning(urls, pattern):
    urls(pattern)
    assert ours() == []


def test_a_pattern_before_a_catch_all_is_a_warning(urls):
    urls(path("health/", health), re_path(r"", health))
    assert [message.id for message in ours()] == ["django_prodready.W001"]


def test_each_endpoint_that_hides_a_url_has_one_warning_of_its_own(urls, settings):
    settings.PRODREADY = {"STARTUP_PATH": None}
    urls(path("ready/", health), path("ready", health), path("health", health), path("startup/", health))
    assert [(message.id, message.hint) for message in ours()] == [
        (
            "django_prodready.W001",
            "Remove the URL pattern, or set PRODREADY['HEALTH_PATH'] to another path.",
        ),
        ("django_prodready.W001", "Remove the URL pattern, or set PRODREADY['READY_PATH'] to another path."),
    ]


def test_our_own_views_are_no_loss(urls):
    urls(path("", include("django_prodready.urls")))
    assert ours() == []


def test_our_views_below_a_prefix_are_no_loss_either(urls, settings):
    settings.PRODREADY = {"READY_PATH": "internal/ready/"}
    urls(path("internal/", include([path("ready/", views.ready)])))
    assert ours() == []


def test_two_endpoints_at_one_path_are_an_error(settings):
    settings.PRODREADY = {"HEALTH_PATH": "/up", "READY_PATH": "up/", "STARTUP_PATH": None}
    (message,) = ours()
    assert (message.id, message.level) == ("django_prodready.E008", checks.ERROR)
    assert message.msg == "PRODREADY['HEALTH_PATH'] and PRODREADY['READY_PATH'] are the same path, 'up/'."
    assert message.hint == "Give each its own path, or None to turn one off."


def test_endpoints_that_are_turned_off_do_not_collide(settings):
    settings.PRODREADY = {"HEALTH_PATH": None, "READY_PATH": None, "STARTUP_PATH": None}
    assert ours() == []


def test_a_urlconf_that_cannot_be_imported_is_left_to_django(urls, settings):
    settings.ROOT_URLCONF = "no_such_urlconf"
    assert check_paths_are_free() == []
