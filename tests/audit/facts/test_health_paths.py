"""Where a project answers platform probes: what counts, and what must not."""

import re
import sys
import time
import types

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter

from django_prodready.audit.facts import Facts, health_paths, own_health
from django_prodready.audit.facts import requests as requests_module
from django_prodready.audit.facts.health_paths import find_health_paths, is_readiness
from django_prodready.audit.facts.requests import TooSlow
from django_prodready.audit.model import Check, Need, NotApplicable, Outcome
from django_prodready.audit.runner import run
from django_prodready.reporting.finding import Severity

OURS = "django_prodready.middleware.HealthMiddleware"


class Page(StringConverter):
    """A converter whose name is a word that probes use."""


register_converter(Page, "health")


def page(request, **named):
    return HttpResponse()


def broadcast(request):
    return HttpResponse()


def liveness_probe(request):
    return HttpResponse()


class Base:
    answers = ()

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return HttpResponse() if request.path in self.answers else self.get_response(request)


class Heartbeats(Base):
    """Answers by itself, as Dockerflow's middleware does."""

    answers = ("/__lbheartbeat__", "/livez/", "/readyz")


class NeedsDatabase(Base):
    def __call__(self, request):
        if request.path == "/readyz":
            connection.cursor()
        return self.get_response(request)


class AnswersEverything(Base):
    def __call__(self, request):
        return HttpResponse("please log in")


class CannotBeBuilt(Base):
    def __init__(self, get_response):
        raise ValueError


class BowsOut(Base):
    def __init__(self, get_response):
        raise MiddlewareNotUsed


class Sleeps(Base):
    seconds = 0.05
    asked = 0

    def __call__(self, request):
        type(self).asked += 1
        time.sleep(self.seconds)
        return super().__call__(request)


class WarmsUp(Heartbeats):
    """Takes its time once, as a first import does."""

    is_warm = False

    def __call__(self, request):
        if not WarmsUp.is_warm:
            WarmsUp.is_warm = True
            time.sleep(0.2)
        return super().__call__(request)


@pytest.fixture
def project(settings, monkeypatch, tmp_path):
    """Make facts of a project with these routes and this middleware."""

    def make(routes=(), middleware=(), **values):
        module = types.ModuleType("urls_of_a_test")
        module.urlpatterns = list(routes)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF = module.__name__
        settings.MIDDLEWARE = [
            entry if isinstance(entry, str) else f"{__name__}.{entry.__name__}" for entry in middleware
        ]
        for name, value in values.items():
            setattr(settings, name, value)
        return Facts(root=tmp_path, settings_module=None)

    return make


def test_a_project_without_probes_has_no_health_path(project):
    assert find_health_paths(project([path("", page), path("about/", page)])) == ()


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([path("health/", page)], ("/health/",)),
        ([path("health", page)], ("/health",)),
        ([path("healthz", page)], ("/healthz",)),
        ([path("healthz/", page)], ("/healthz/",)),
        ([path("health/", page), path("health", page)], ("/health/",)),
        ([re_path(r"^healthz?/?$", page)], ("/healthz",)),
        ([re_path(r"^(health|healthz)/$", page)], ("/health/", "/healthz/")),
        ([path("api/", include([path("health/", page)]))], ("/api/health/",)),
        ([path("health/<str:what>/", page)], ()),
        ([path("up", page), path("ht/", page)], ("/ht/", "/up")),
        ([path("readyz", page), path("ping/", page)], ("/ping/", "/readyz")),
        (
            [path("__heartbeat__", page), path("__lbheartbeat__", page)],
            ("/__lbheartbeat__", "/__heartbeat__"),
        ),
        (i18n_patterns(path("health/", page)), ()),
        (i18n_patterns(path("health/", page), prefix_default_language=False), ("/health/",)),
        (
            [path("", include([path("health/live", page), path("health/ready", page)]))],
            ("/health/live", "/health/ready"),
        ),
    ],
    ids=[
        "slash",
        "no slash",
        "bare word",
        "bare word with slash",
        "both forms",
        "regex with both",
        "regex of two words",
        "included",
        "parameter",
        "in our order",
        "liveness first",
        "dockerflow",
        "translated",
        "default language",
        "pair",
    ],
)
def test_routes_that_say_so_count(project, routes, expected):
    assert find_health_paths(project(routes)) == expected


@pytest.mark.parametrize(
    "route",
    [
        re_path(r"^.*$", page),
        re_path(r"^(?P<health>[-\w]+)/?$", page),
        re_path(r"^(?!setup|static)(?P<ping>.*)$", page),
        path("<path:page>", page),
        path("<slug:health>/", page),
        path("<health:page>/", page),
        path("<slug:group>", page),
    ],
    ids=["regex", "named group", "lookahead", "path", "slug", "converter", "word inside a word"],
)
def test_a_page_that_answers_everything_does_not_count(project, route):
    assert find_health_paths(project([route])) == ()


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([path("live/", broadcast, name="live")], ()),
        ([path("live", broadcast, name="live")], ()),
        ([path("live/", liveness_probe)], ("/live/",)),
        ([path("live/", broadcast, name="liveness")], ("/live/",)),
        ([path("live/", broadcast), path("ready/", page)], ("/live/", "/ready/")),
        ([path("live/", broadcast), path("health/", page)], ("/health/",)),
    ],
    ids=[
        "broadcast",
        "broadcast without slash",
        "view says",
        "name says",
        "beside readiness",
        "beside health",
    ],
)
def test_a_broadcast_is_no_probe(project, routes, expected):
    assert find_health_paths(project(routes)) == expected


def test_a_urlconf_that_cannot_be_imported_has_no_routes(project, settings):
    facts = project([path("health/", page)])
    settings.ROOT_URLCONF = "testproject.no_such_urls"
    assert find_health_paths(facts) == ()


def test_a_urlconf_that_queries_the_database_has_no_routes(project, settings, tmp_path, monkeypatch):
    (tmp_path / "urls_that_query.py").write_text("from django.db import connection\nconnection.cursor()\n")
    monkeypatch.syspath_prepend(tmp_path)
    facts = project()
    settings.ROOT_URLCONF = "urls_that_query"
    assert find_health_paths(facts) == ()
    assert connection.connection is None or connection.is_usable()


def test_middleware_that_answers_by_itself_counts(project):
    expected = ("/livez/", "/__lbheartbeat__", "/readyz")
    assert find_health_paths(project([path("", page)], [Heartbeats])) == expected
    everything = [re_path(r"^.*$", page)]
    assert find_health_paths(project(everything, [Heartbeats])) == expected
    assert find_health_paths(project(everything, [Heartbeats], SECURE_SSL_REDIRECT=True)) == expected


def test_a_path_that_is_routed_and_answered_is_told_once(project):
    routes = [path("livez/", page), path("health/", page)]
    expected = ("/health/", "/livez/", "/__lbheartbeat__", "/readyz")
    assert find_health_paths(project(routes, [Heartbeats])) == expected


@pytest.mark.parametrize(
    "classes",
    [
        [AnswersEverything],
        [CannotBeBuilt],
        [BowsOut],
        [NeedsDatabase],
        ["django.middleware.common.CommonMiddleware"],
    ],
    ids=["everything", "not built", "not used", "needs the database", "Django's own"],
)
def test_other_middleware_does_not_count(project, classes):
    assert find_health_paths(project([path("", page)], classes)) == ()
    assert find_health_paths(project([path("health/", page)], classes)) == ("/health/",)


def test_no_request_is_sent_when_only_django_could_answer(project):
    facts = project([path("", page)], ["django.middleware.common.CommonMiddleware"])
    facts.requests = None
    assert find_health_paths(facts) == ()


def test_our_middleware_counts_by_its_settings(project):
    assert find_health_paths(project([], [OURS])) == ("/health/", "/ready/")
    facts = project([path("health/", page), path("readyz", page)], [OURS, Base])
    assert find_health_paths(facts) == ("/health/", "/ready/", "/readyz")
    facts = project([path("ht/", page)], [OURS, Base], PRODREADY={"HEALTH_PATH": "status/live/"})
    assert find_health_paths(facts) == ("/status/live/", "/ht/", "/ready/")
    facts = project([], [OURS], PRODREADY={"HEALTH_PATH": "ready/", "READY_PATH": "traffic/"})
    assert find_health_paths(facts) == ("/ready/", "/traffic/")


def test_our_urls_count_below_their_prefix(project):
    ours = include("django_prodready.urls")
    assert find_health_paths(project([path("", ours)])) == ("/health/", "/ready/")
    inner = include(([path("ops/", ours)], "inner"))
    assert find_health_paths(project([path("", page), path("a/", inner)])) == (
        "/a/ops/health/",
        "/a/ops/ready/",
    )
    assert project([path("<slug:tenant>/", ours)]).own_health == ()
    assert project(i18n_patterns(path("", ours), prefix_default_language=True)).own_health == ()
    assert project([path("a/", include([path("b/", page)])), path("", page)]).own_health == ()


def test_a_wrapper_counts_where_the_application_is_made(project, tmp_path):
    facts = project([])
    (tmp_path / "shop").mkdir()
    wrapped = "from django_prodready.wsgi import with_health\napplication = with_health(get())\n"
    (tmp_path / "shop" / "entry.py").write_text(wrapped)
    assert find_health_paths(facts) == ()
    facts = project([], WSGI_APPLICATION="shop.entry.application")
    assert find_health_paths(facts) == ("/health/", "/ready/")
    (tmp_path / "shop" / "entry.py").write_text("# with_health(django_prodready)\n")
    (tmp_path / "shop" / "asgi.py").write_text(wrapped)
    facts = project([])
    assert find_health_paths(facts) == ("/health/", "/ready/")
    assert own_health.wrapper(facts) == "shop/asgi.py"


def test_our_middleware_without_a_health_path_does_not_count(project):
    facts = project([], [OURS, Base], PRODREADY={"HEALTH_PATH": None, "READY_PATH": None})
    assert find_health_paths(facts) == ()


def test_our_middleware_that_cannot_be_imported_does_not_count(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "django_prodready.middleware", None)
    assert find_health_paths(project([], [OURS])) == ()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/ready/", True),
        ("/readyz", True),
        ("/readiness/", True),
        ("/health/ready/", True),
        ("/-/ready", True),
        ("/__heartbeat__", True),
        ("/__lbheartbeat__", False),
        ("/health/", False),
        ("/livez", False),
        ("/already/", False),
        ("/reading/", False),
    ],
)
def test_readiness_is_told_by_name(target, expected):
    assert is_readiness(target) is expected


def test_the_known_paths_are_well_formed():
    every = [form for forms in health_paths._FORMS for form in forms]
    assert len(set(every)) == len(every)
    assert all(re.fullmatch(r"/[-a-z_]+(/[-a-z_]+)?/?", form) for form in every)


def test_our_middleware_hides_no_readiness_of_the_project(project):
    facts = project([path("health/", page), path("ready/", page)], [OURS], PRODREADY={"READY_PATH": None})
    assert find_health_paths(facts) == ("/health/", "/ready/")


@pytest.mark.parametrize("is_stuck", [False, True], ids=["slow", "stuck"])
def test_slow_middleware_is_given_up_at_once_and_once(project, monkeypatch, is_stuck):
    monkeypatch.setattr(health_paths, "ASK_LIMIT_S", 1.0)
    monkeypatch.setattr(requests_module, "SEND_LIMIT_S", 0.01 if is_stuck else 4.0)
    monkeypatch.setattr(Sleeps, "asked", 0)
    facts = project([path("health/", page)], [Sleeps])
    reason = "a middleware gives no answer in time" if is_stuck else "1 s do not do to ask it for all health"
    for _ in range(3):
        with pytest.raises(TooSlow, match=reason):
            find_health_paths(facts)
    assert Sleeps.asked == (1 if is_stuck else 2)
    time.sleep(0.1)
    while requests_module.sandbox.State.kept:
        requests_module.sandbox.State.kept.pop().close()


def test_a_slow_first_request_is_not_taken_for_all(project, monkeypatch):
    monkeypatch.setattr(health_paths, "ASK_LIMIT_S", 5.0)
    assert find_health_paths(project([], [WarmsUp])) == ("/livez/", "/__lbheartbeat__", "/readyz")


def test_checks_that_ask_for_no_health_path_are_judged_whatever_the_middleware_takes(project, monkeypatch):
    monkeypatch.setattr(health_paths, "ASK_LIMIT_S", 1.0)

    def asks(facts):
        return facts.health_paths and ()

    def asks_not(facts):
        raise NotApplicable("it is off")

    checks = [
        Check(
            name=f"test.{judge.__name__}",
            severity=Severity.INFO,
            judge=judge,
            needs=frozenset({Need.REQUESTS}),
        )
        for judge in (asks, asks_not)
    ]
    judged = run(checks, project([], [Sleeps]), allowed=frozenset(Need))
    assert judged["test.asks"].outcome is Outcome.NOT_RUN
    assert (
        judged["test.asks"].reason == "the middleware is slow: 1 s do not do to ask it for all health paths"
    )
    assert judged["test.asks_not"].outcome is Outcome.NOT_APPLICABLE


def test_django_s_own_and_fast_middleware_are_not_given_up(project, monkeypatch):
    monkeypatch.setattr(health_paths, "ASK_LIMIT_S", 5.0)
    assert find_health_paths(project([path("health/", page)], [Base, Heartbeats])) == (
        "/health/",
        "/livez/",
        "/__lbheartbeat__",
        "/readyz",
    )
