"""Requests in process: what the project's own middleware makes of them."""

import asyncio
import contextlib
import functools
import socket
import threading

import pytest
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import MiddlewareNotUsed, PermissionDenied, SuspiciousOperation
from django.core.mail import send_mail
from django.core.signals import got_request_exception
from django.db import connection, connections
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from django_prodready.audit.facts import requests as requests_module
from django_prodready.audit.facts.requests import InProcess
from django_prodready.audit.model import NotRun

SECRET = "hunter2-in-a-message"


def ran(request, **named):
    raise AssertionError("the project's view ran")


@login_not_required  # marks the function itself, so it is one of its own
def ran_for_anybody(request):
    raise AssertionError("the project's view ran")


async def ran_async(request):
    raise AssertionError("the project's view ran")


class AsyncView(View):
    async def get(self, request):
        return HttpResponse("async", headers={"X-View": "async"})


class Callable:
    def __call__(self, request):
        raise AssertionError("the project's view ran")


def real(request):
    return HttpResponse("real", status=203, headers={"X-View": "real"})


def templated(request):
    return TemplateResponse(request, "missing.html")


def queries(request):
    connection.cursor()


urlpatterns = [
    path("health/", ran),
    path("open/", ran_for_anybody),
    path("exempt/", csrf_exempt(ran)),
    path("item/<int:number>/", ran),
    path("async/", ran_async),
    path("async-class/", AsyncView.as_view()),
    path("callable/", Callable()),
    path("partial/", functools.partial(ran, extra=1)),
    path("nested/", include([path("page/", ran, name="page")])),
    path("real/", real),
    path("templated/", templated),
    path("queries/", queries),
]


def bad_request(request, exception):
    connection.cursor()


def mw(cls):
    """The dotted path of a middleware of this file."""
    return f"{__name__}.{cls.__name__}"


class Base:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class Queries(Base):
    def __call__(self, request):
        connection.cursor()
        return self.get_response(request)


class OpensSocketAndSwallows(Base):
    def __call__(self, request):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9))
        return self.get_response(request)


class SendsMail(Base):
    def __call__(self, request):
        send_mail("Subject", "Body", "from@example.org", ["to@example.org"])
        return self.get_response(request)


class AsyncOnly:
    sync_capable = False
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        assert iscoroutinefunction(get_response)
        markcoroutinefunction(self)

    async def __call__(self, request):
        await asyncio.sleep(0)
        response = await self.get_response(request)
        response["X-Async"] = "yes"
        return response


class Raises(Base):
    def __call__(self, request):
        raise ValueError(SECRET)


class Exits(Base):
    def __call__(self, request):
        raise SystemExit(3)


class Suspects(Base):
    def __call__(self, request):
        raise SuspiciousOperation(SECRET)


class Forbids(Base):
    def process_view(self, request, view, args, kwargs):
        raise PermissionDenied


class Answers(Base):
    def __call__(self, request):
        return HttpResponse(status=204)


class AnswersNothing(Base):
    def __call__(self, request):
        return None


class Replaces(Base):
    def __call__(self, request):
        self.get_response(request)
        return HttpResponse("friendly", status=200)


class NotUsed(Base):
    def __init__(self, get_response):
        raise MiddlewareNotUsed


class RaisesAtStart(Base):
    def __init__(self, get_response):
        raise ValueError(SECRET)


class QueriesAtStart(Base):
    def __init__(self, get_response):
        connection.cursor()


class ExitsAtStart(Base):
    def __init__(self, get_response):
        raise SystemExit(1)


class TakesForever(Base):
    go = threading.Event()

    def __call__(self, request):
        self.go.wait(10)
        return HttpResponse()


class TakesForeverToBuild(Base):
    def __init__(self, get_response):
        TakesForever.go.wait(10)


class OtherUrls(Base):
    def __call__(self, request):
        request.urlconf = "testproject.urls"
        return self.get_response(request)


class Translates(Base):
    def __call__(self, request):
        request.META["REMOTE_ADDR"] = "203.0.113.7"
        return self.get_response(request)


class Watches(Base):
    """Keeps what its process_view was given."""

    seen = None

    def process_view(self, request, view, args, kwargs):
        Watches.seen = (view, args, kwargs, request.resolver_match)


@pytest.fixture(autouse=True)
def project(settings):
    settings.ROOT_URLCONF = __name__
    return settings


def stack(settings, *classes):
    settings.MIDDLEWARE = [mw(cls) if isinstance(cls, type) else cls for cls in classes]
    return InProcess()


def test_a_marker_answers_in_the_place_of_the_view():
    answer = InProcess().send("/health/", host="www.example.org")
    assert (answer.status, answer.reached_view, answer.exception, answer.blocked) == (200, True, None, ())
    assert answer.headers["content-type"] == "text/plain"
    assert (answer.seen_remote_addr, answer.seen_secure) == ("10.42.0.1", False)
    assert answer.seen_host == "www.example.org"
    assert answer.location is None


@pytest.mark.parametrize(
    "target",
    ["/async/", "/async-class/", "/callable/", "/partial/", "/nested/page/", "/item/3/", "/health/?x=1"],
)
def test_every_kind_of_view_is_replaced(target):
    answer = InProcess().send(target)
    assert (answer.status, answer.reached_view) == (200, True)
    assert "X-View" not in answer.headers


def test_a_path_without_a_route_is_not_found():
    answer = InProcess().send("/nowhere/")
    assert (answer.status, answer.reached_view, answer.exception) == (404, False, "Resolver404")
    assert (answer.seen_remote_addr, answer.seen_secure, answer.seen_host) == (None, None, None)


def test_a_host_that_is_not_allowed_is_named(settings):
    answer = InProcess().send("/health/", host="10.42.0.9:8000")
    assert (answer.status, answer.reached_view, answer.exception) == (400, False, "DisallowedHost")
    settings.DEBUG = True
    assert InProcess().send("/health/", host="10.42.0.9:8000").exception == "DisallowedHost"


def test_a_host_that_nothing_checks_reaches_the_view(settings):
    answer = stack(settings).send("/health/", host="10.42.0.9:8000")
    assert (answer.status, answer.reached_view, answer.seen_host) == (200, True, None)


def test_redirects_to_https_keep_the_host_and_the_query(settings):
    settings.SECURE_SSL_REDIRECT = True
    sender = InProcess()
    answer = sender.send("/health/?verbose=1")
    assert (answer.status, answer.location) == (301, "https://www.example.org/health/?verbose=1")
    assert sender.send("/health/", secure=True).seen_secure is True


def test_the_https_of_this_project_is_the_header_it_declares(settings):
    settings.SECURE_SSL_REDIRECT = True
    sender = InProcess()
    assert sender.as_https() == {"secure": True}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert sender.as_https() == {"headers": {"X-Forwarded-Proto": "https"}}
    assert sender.send("/health/", **sender.as_https()).seen_secure is True
    for malformed in (("X-Forwarded-Proto", "https"), ("HTTP_X",), ("HTTP_X", True), "HTTP_X"):
        settings.SECURE_PROXY_SSL_HEADER = malformed
        assert sender.as_https() == {"secure": True}


def test_a_malformed_proxy_header_leaves_what_the_view_sees_unknown(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO",)
    answer = stack(settings).send("/health/")
    assert (answer.reached_view, answer.seen_secure) == (True, None)


@pytest.mark.parametrize(
    ("allowed", "debug", "expected"),
    [
        (["www.example.org"], False, "www.example.org"),
        (["*", ".example.org", "WWW.example.com"], False, "www.example.com"),
        ([".example.org"], False, "example.org"),
        (["*"], False, "example.org"),
        (["[::1]"], False, "[::1]"),
        (
            ["https://a.example", "a.example:80", "*.b.example", " c.example", 7, "d.example"],
            False,
            "d.example",
        ),
        (["https://a.example"], False, None),
        ([], True, "localhost"),
        ([], False, None),
    ],
    ids=["one", "concrete first", "suffix", "any", "ipv6", "unusable ones", "none usable", "debug", "empty"],
)
def test_trusted_host_is_one_that_django_accepts(settings, allowed, debug, expected):
    settings.ALLOWED_HOSTS, settings.DEBUG = allowed, debug
    sender = InProcess()
    assert sender.trusted_host() == expected
    if expected:
        settings.ALLOWED_HOSTS = [entry for entry in allowed if isinstance(entry, str)]
        assert sender.send("/health/").seen_host == expected


def test_headers_peer_and_method_are_as_asked(settings):
    sender = stack(settings, "django.middleware.csrf.CsrfViewMiddleware", Watches, Translates)
    assert sender.send("/health/", method="POST").status == 403
    answer = sender.send("/exempt/", method="POST", peer="10.0.0.1", headers={"Content-Type": "text/x-y"})
    assert (answer.status, answer.seen_remote_addr) == (200, "203.0.113.7")
    answer = stack(settings).send("/health/", peer="10.0.0.1", headers={"Host": "www.example.org:8443"})
    assert (answer.seen_remote_addr, answer.seen_host) == ("10.0.0.1", "www.example.org:8443")


def test_the_script_name_is_honoured(settings):
    settings.FORCE_SCRIPT_NAME = "/app"
    settings.SECURE_SSL_REDIRECT = True
    answer = InProcess().send("/health/")
    assert answer.location == "https://www.example.org/app/health/"


def test_a_urlconf_that_middleware_sets_is_resolved(settings):
    assert stack(settings, OtherUrls).send("/admin/").reached_view is True
    assert stack(settings, OtherUrls).send("/health/").status == 404


def test_middleware_sees_the_attributes_of_the_view(settings):
    sender = stack(
        settings,
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        Watches,
    )
    answer = sender.send("/health/")
    assert (answer.status, answer.location) == (302, "/accounts/login/?next=/health/")
    assert answer.blocked == ()
    assert sender.send("/open/").reached_view is True
    view, args, kwargs, match = Watches.seen
    assert (view.__name__, view.__wrapped__, args, kwargs) == ("ran_for_anybody", ran_for_anybody, (), {})
    assert match.func is ran_for_anybody


def test_the_marker_needs_no_transaction(settings):
    database = connections.settings["default"]
    before, database["ATOMIC_REQUESTS"] = database["ATOMIC_REQUESTS"], True
    try:
        sender = InProcess()
        assert sender.send("/health/").status == 200
        assert sender.send("/async/").status == 200
        answer = sender.send("/real/", real_view=True)
        assert (answer.status, answer.blocked) == (500, ("the database (default)",))
    finally:
        database["ATOMIC_REQUESTS"] = before


def test_middleware_that_queries_the_database_is_refused(settings):
    answer = stack(settings, Queries).send("/health/")
    assert (answer.status, answer.exception, answer.reached_view) == (500, "BlockedDatabase", False)
    assert answer.blocked == ("the database (default)",)


def test_an_attempt_that_is_swallowed_is_told(settings):
    answer = stack(settings, OpensSocketAndSwallows).send("/health/")
    assert (answer.status, answer.reached_view, answer.blocked) == (200, True, ("a network connection",))


def test_middleware_that_sends_mail_is_refused(settings, mailoutbox):
    answer = stack(settings, SendsMail).send("/health/")
    assert (answer.status, answer.blocked) == (500, ("mail",))
    assert mailoutbox == []


def test_async_middleware_works(settings):
    common = "django.middleware.common.CommonMiddleware"
    for classes in ((AsyncOnly,), (common, AsyncOnly), (AsyncOnly, Base)):
        sender = stack(settings, *classes)
        for target in ("/health/", "/async/"):
            answer = sender.send(target)
            assert (answer.status, answer.reached_view, answer.headers["x-async"]) == (200, True, "yes")
    assert stack(settings, AsyncOnly, Queries).send("/health/").blocked == ("the database (default)",)


def test_middleware_that_bows_out_is_left_out(settings):
    assert stack(settings, NotUsed).send("/health/").reached_view is True


def test_middleware_that_raises_becomes_an_answer(settings, capsys, caplog, mailoutbox):
    settings.ADMINS = ["admin@example.org"]
    heard = []

    def receiver(**named):
        heard.append(named)

    got_request_exception.connect(receiver)
    try:
        answer = stack(settings, Raises).send("/health/")
    finally:
        got_request_exception.disconnect(receiver)
    assert (answer.status, answer.exception, answer.blocked) == (500, "ValueError", ())
    assert stack(settings, Suspects).send("/health/").exception == "SuspiciousOperation"
    assert stack(settings, Forbids).send("/health/").exception == "PermissionDenied"
    assert (heard, mailoutbox, caplog.records, capsys.readouterr()) == ([], [], [], ("", ""))


@pytest.mark.parametrize(
    ("cls", "exception"), [(Exits, "SystemExit"), (AnswersNothing, "AttributeError")], ids=["exit", "none"]
)
def test_what_escapes_from_django_is_a_500(settings, cls, exception):
    answer = stack(settings, cls).send("/health/")
    assert (answer.status, answer.exception, answer.reached_view) == (500, exception, False)


def test_exceptions_that_django_propagates_are_a_500(settings):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    answer = stack(settings, Raises).send("/health/")
    assert (answer.status, answer.exception) == (500, "ValueError")


def test_an_exception_that_became_another_answer_is_not_named(settings):
    answer = stack(settings, Replaces).send("/nowhere/")
    assert (answer.status, answer.exception, answer.reached_view) == (200, None, False)


def test_middleware_that_answers_leaves_the_view_unreached(settings):
    answer = stack(settings, Answers).send("/health/")
    assert (answer.status, answer.reached_view) == (204, False)


def test_error_views_of_the_project_run_blocked(settings, monkeypatch):
    monkeypatch.setitem(globals(), "handler400", bad_request)
    answer = InProcess().send("/health/", host="10.42.0.9")
    assert (answer.status, answer.exception) == (500, "DisallowedHost")
    assert answer.blocked == ("the database (default)",)


def test_a_urlconf_that_cannot_be_imported_is_a_500(settings):
    settings.ROOT_URLCONF = "testproject.no_such_urls"
    answer = InProcess().send("/health/")
    assert (answer.status, answer.exception) == (500, "ModuleNotFoundError")


def test_the_real_view_runs_when_asked_for():
    sender = InProcess()
    answer = sender.send("/real/", real_view=True)
    assert (answer.status, answer.headers["x-view"], answer.reached_view) == (203, "real", True)
    assert sender.send("/async-class/", real_view=True).headers["x-view"] == "async"
    assert sender.send("/real/").status == 200
    assert sender.send("/templated/", real_view=True).exception == "TemplateDoesNotExist"
    answer = sender.send("/queries/", real_view=True)
    assert (answer.status, answer.blocked) == (500, ("the database (default)",))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (mw(RaisesAtStart), f"{mw(RaisesAtStart)} could not be built: ValueError"),
        (mw(ExitsAtStart), f"{mw(ExitsAtStart)} could not be built: SystemExit"),
        ("no.such.Middleware", "no.such.Middleware could not be built: ModuleNotFoundError"),
        (
            mw(QueriesAtStart),
            (
                f"{mw(QueriesAtStart)} could not be built: BlockedDatabase; "
                "it asked for the database (default), which is blocked here"
            ),
        ),
    ],
    ids=["raises", "exits", "missing", "queries"],
)
def test_middleware_that_cannot_be_built_is_named_without_its_words(settings, entry, reason):
    sender = stack(settings, Base, entry, NotUsed)
    for _ in range(2):
        with pytest.raises(NotRun) as failure:
            sender.send("/health/")
        assert str(failure.value) == reason


def test_a_setting_that_is_no_list_is_a_failure_to_build(settings):
    settings.MIDDLEWARE = None
    with pytest.raises(NotRun, match=r"^the middleware could not be built: TypeError$"):
        InProcess().send("/health/")


def test_what_does_not_end_is_not_run(settings, monkeypatch):
    monkeypatch.setattr(requests_module, "SEND_LIMIT_S", 0.05)
    monkeypatch.setattr(requests_module, "BUILD_LIMIT_S", 0.05)
    kept = requests_module.sandbox.State.kept
    try:
        with pytest.raises(NotRun, match=r"^GET /health/ got no answer: it did not end within 0.05 s$"):
            stack(settings, TakesForever).send(f"/health/?token={SECRET}")
        with pytest.raises(NotRun, match=r"^the middleware could not be built: it did not end"):
            stack(settings, TakesForeverToBuild).send("/health/")
    finally:
        TakesForever.go.set()
        for thread in threading.enumerate():
            if thread.name == "prodcheck sandbox":
                thread.join(10)
        while kept:
            kept.pop().close()


def test_threads_take_turns(settings):
    sender = InProcess()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(sender.send("/health/"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.reached_view for answer in answers] == [True] * 8


@pytest.mark.django_db
def test_connections_stay_as_they_were(settings):
    connection.ensure_connection()
    raw = connection.connection
    stack(settings, Queries).send("/health/")
    assert connection.connection is raw
    connection.cursor().execute("SELECT 1")
