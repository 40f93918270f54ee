"""The sandbox: what it refuses, what it keeps quiet, and that it leaves everything as it was."""

import asyncio
import contextlib
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import warnings

import psycopg
import pytest
import redis
import redis.asyncio
from django.contrib.sessions.backends.file import SessionStore
from django.core import signals
from django.core.cache.backends.filebased import FileBasedCache
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from django_prodready.audit.facts import guards, guards_files, sandbox
from django_prodready.audit.facts.guards import Blocked
from django_prodready.audit.facts.sandbox import StillRunning, run

LIMIT_S = 10.0
NOWHERE = ("127.0.0.1", 9)  # the discard port: refused at once should a request ever get out


class EagerWrapper(DatabaseWrapper):
    """An engine that overrides what Django's base class guards."""

    def ensure_connection(self):
        raise AssertionError("the engine was reached")


class ChattyBackend(BaseEmailBackend):
    def open(self):
        raise AssertionError("the backend was reached")


def everything_replaced():
    """What stands in every place that the sandbox touches, with absence marked."""
    places = [(owner, name) for owner, name, *_ in guards.refused()]
    places += [(owner, name) for owner, name, _ in guards_files.places()]
    places += [*guards.ignored(), *guards.loaded(guards.SLEEPS)]
    places += [(sys, "stdout"), (sys, "stderr"), (warnings, "showwarning"), (warnings, "filters")]
    for signal in (signals.request_started, signals.request_finished, signals.got_request_exception):
        places += [(signal, "send"), (signal, "send_robust")]
    return [(owner, name, vars(owner).get(name, "absent")) for owner, name in places]


@pytest.fixture
def untouched():
    """Assert that the test leaves no trace of the sandbox."""
    before = everything_replaced()
    level = logging.root.manager.disable
    yield
    # Not by looking for all places again: a test may have loaded a module that has one more.
    for owner, name, was in before:
        assert vars(owner).get(name, "absent") is was, f"{owner}.{name}"
    assert logging.root.manager.disable == level
    assert guards.State.current is None
    assert not guards.State.stuck


def attempt(piece):
    """Run ``piece``, which must be refused; return the words and the error."""

    def caught():
        try:
            piece()
        except Blocked as error:
            return error
        return None

    error, blocked = run(caught, limit_s=LIMIT_S)
    return error, blocked


def attempt_method(owner, name, *args):
    """Attempt it by name: a method bound beforehand would be the one that is not guarded."""
    return attempt(lambda: getattr(owner, name)(*args))


def test_returns_the_value_and_nothing_attempted(untouched):
    assert run(lambda: 42, limit_s=LIMIT_S) == (42, ())


def test_raises_what_the_piece_raises(untouched):
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 / 0, limit_s=LIMIT_S)
    with pytest.raises(SystemExit):
        run(sys.exit, limit_s=LIMIT_S)


def open_socket(method, *args, family=socket.AF_INET, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as sock:
        getattr(sock, method)(*args)


@pytest.mark.parametrize(
    "piece",
    [
        lambda: open_socket("connect", NOWHERE),
        lambda: open_socket("connect_ex", NOWHERE),
        lambda: open_socket("sendto", b"x", NOWHERE, kind=socket.SOCK_DGRAM),
        lambda: open_socket("sendmsg", [b"x"], [], 0, NOWHERE, kind=socket.SOCK_DGRAM),
        lambda: open_socket("connect", "/nowhere.sock", family=socket.AF_UNIX),
        lambda: open_socket("send", b"x"),
        lambda: socket.create_connection(NOWHERE),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
    ],
    ids=[
        "connect",
        "connect_ex",
        "sendto",
        "sendmsg",
        "unix socket",
        "send",
        "create_connection",
        "getaddrinfo",
        "gethostbyname",
    ],
)
def test_refuses_the_network(untouched, piece):
    error, blocked = attempt(piece)
    assert isinstance(error, OSError)
    assert blocked == ("a network connection",)


def test_refuses_the_network_of_async_code(untouched):
    async def connect():
        await asyncio.open_connection(*NOWHERE)

    error, blocked = attempt(lambda: asyncio.run(connect()))
    assert isinstance(error, OSError)
    assert blocked == ("a network connection",)


def test_lets_an_event_loop_wake_itself(untouched):
    async def in_thread():
        return await asyncio.to_thread(lambda: 7)

    assert run(lambda: asyncio.run(in_thread()), limit_s=LIMIT_S) == (7, ())


@pytest.mark.django_db
def test_refuses_a_database_whose_connection_was_open_before(untouched):
    # Held by name: the sandbox's own thread would get a wrapper of its own.
    wrapper = connection._connections["default"]
    wrapper.ensure_connection()
    raw = wrapper.connection
    for method in ("cursor", "chunked_cursor", "commit", "rollback", "is_usable", "ensure_connection"):
        error, blocked = attempt_method(wrapper, method)
        assert isinstance(error, OperationalError)
        assert blocked == ("the database (default)",)
    assert attempt_method(wrapper, "close") == (None, ())
    assert wrapper.connection is raw
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_refuses_a_database_that_was_not_open(untouched):
    def in_transaction():
        with transaction.atomic():
            raise AssertionError("a transaction was opened")

    assert attempt(in_transaction)[1] == ("the database (default)",)
    for name in ("cursor", "connect"):
        assert attempt_method(connection, name)[1] == ("the database (default)",)


def test_refuses_an_engine_that_overrides_the_guarded_method(untouched):
    wrapper = EagerWrapper(connection.settings_dict, alias="other")
    assert attempt_method(wrapper, "ensure_connection")[1] == ("the database (other)",)


@pytest.mark.parametrize(
    "piece",
    [
        lambda: sqlite3.connect(":memory:"),
        lambda: psycopg.connect("host=127.0.0.1 port=9"),
        lambda: psycopg.Connection.connect("host=127.0.0.1 port=9"),
        lambda: asyncio.run(psycopg.AsyncConnection.connect("host=127.0.0.1 port=9")),
    ],
    ids=["sqlite3", "psycopg", "psycopg class", "psycopg async"],
)
def test_refuses_the_drivers_that_are_loaded(untouched, piece):
    error, blocked = attempt(piece)
    assert isinstance(error, OperationalError)
    assert blocked == ("a database",)


def test_refuses_mail(untouched, mailoutbox):
    message = EmailMessage("Subject", "Body", "from@example.org", ["to@example.org"])
    backend, chatty = EmailBackend(), ChattyBackend()
    attempts = [
        attempt_method(message, "send"),
        attempt_method(backend, "send_messages", [message]),
        attempt_method(chatty, "open"),
        attempt(EmailBackend),
    ]
    for error, blocked in attempts:
        assert isinstance(error, OSError)
        assert blocked == ("mail",)
    assert mailoutbox == []


def test_refuses_to_write_the_file_cache(untouched, tmp_path):
    folder = tmp_path / "cache"
    old = FileBasedCache(str(folder), {})
    old.set("expired", 1, timeout=-1)
    old.set("kept", 1)
    before = sorted(folder.iterdir())

    def fresh():
        return FileBasedCache(str(tmp_path / "new"), {}).get("key")

    assert run(fresh, limit_s=LIMIT_S) == (None, ())
    assert not (tmp_path / "new").exists()
    assert run(lambda: (old.get("kept"), old.get("expired")), limit_s=LIMIT_S) == ((1, None), ())
    for method, *args in (
        ("set", "key", 1),
        ("add", "key", 1),
        ("touch", "kept"),
        ("delete", "kept"),
        ("clear",),
    ):
        assert attempt_method(old, method, *args)[1] == ("the file cache",)
    assert sorted(folder.iterdir()) == before


def test_refuses_to_write_a_session_file(untouched, settings, tmp_path):
    settings.SESSION_FILE_PATH = str(tmp_path)
    SessionStore._storage_path = str(tmp_path)
    try:
        assert attempt(lambda: SessionStore().save())[1] == ("a session file",)
    finally:
        del SessionStore._storage_path
    assert list(tmp_path.iterdir()) == []


def test_refuses_subprocesses(untouched):
    for piece in (lambda: subprocess.run(["true"], check=False), lambda: os.system("true")):
        error, blocked = attempt(piece)
        assert isinstance(error, OSError)
        assert blocked == ("a subprocess",)


def test_notes_what_was_swallowed_once_and_in_order(untouched):
    def swallowing():
        for piece in (connection.cursor, socket.gethostbyname, connection.cursor):
            with contextlib.suppress(Exception):
                piece()
        return "fine"

    assert run(swallowing, limit_s=LIMIT_S) == ("fine", ("the database (default)", "a network connection"))


def test_notes_what_another_thread_attempts(untouched):
    def in_thread():
        thread = threading.Thread(target=lambda: attempt_quietly(connection.cursor))
        thread.start()
        thread.join()

    assert run(in_thread, limit_s=LIMIT_S) == (None, ("the database (default)",))


def attempt_quietly(piece):
    try:
        piece()
    except Blocked:
        return


def test_does_not_wait_for_a_server_that_is_out_of_reach(untouched, monkeypatch):
    monkeypatch.delitem(sys.modules, "kombu.utils.functional", raising=False)
    client = redis.Redis(host="127.0.0.1", port=9)

    async def ask_async():
        async with redis.asyncio.Redis(host="127.0.0.1", port=9) as async_client:
            await async_client.get("key")

    started_s = time.perf_counter()
    for ask in (lambda: client.get("key"), lambda: asyncio.run(ask_async())):

        def swallowing(ask=ask):
            with contextlib.suppress(OSError, redis.ConnectionError):
                ask()

        assert run(swallowing, limit_s=LIMIT_S) == (None, ("a network connection",))
    assert time.perf_counter() - started_s < LIMIT_S
    client.close()


def test_lets_code_wait_that_was_refused_nothing(untouched):
    started_s = time.perf_counter()
    run(lambda: time.sleep(0.02), limit_s=LIMIT_S)
    assert time.perf_counter() - started_s >= 0.02


def test_keeps_quiet(untouched, capsys, caplog):
    def noisy():
        sys.stdout.write("to stdout")
        sys.stderr.writelines(["to ", "stderr"])
        sys.stdout.flush()
        logging.getLogger("django.request").critical("a log line")
        warnings.warn("a warning", stacklevel=1)
        thread = threading.Thread(target=print, args=("from a thread",))
        thread.start()
        thread.join()

    run(noisy, limit_s=LIMIT_S)
    assert capsys.readouterr() == ("", "")
    assert caplog.records == []


def test_lets_other_threads_print(untouched, capsys):
    go, printed = threading.Event(), threading.Event()

    def other():
        go.wait()
        sys.stdout.write("the report")
        printed.set()

    thread = threading.Thread(target=other)
    thread.start()
    run(lambda: (go.set(), printed.wait()), limit_s=LIMIT_S)
    thread.join()
    assert capsys.readouterr().out == "the report"


def test_calls_no_receivers_of_request_signals(untouched):
    heard = []

    def receiver(**named):
        heard.append(named)

    for signal in (signals.request_started, signals.request_finished, signals.got_request_exception):
        signal.connect(receiver)
    try:
        run(lambda: signals.got_request_exception.send(sender=None), limit_s=LIMIT_S)
        run(lambda: signals.request_finished.send_robust(sender=None), limit_s=LIMIT_S)
        run(lambda: signals.request_started.send(sender=None), limit_s=LIMIT_S)
    finally:
        for signal in (signals.request_started, signals.request_finished, signals.got_request_exception):
            signal.disconnect(receiver)
    assert heard == []


def test_starts_like_a_new_worker(untouched):
    from django.utils import translation

    with translation.override("de"):
        assert run(translation.get_language, limit_s=LIMIT_S)[0] == "en-us"
        run(lambda: translation.activate("fr"), limit_s=LIMIT_S)
        assert translation.get_language() == "de"


def test_a_guard_that_was_kept_works_again_afterwards(untouched, tmp_path):
    cache = FileBasedCache(str(tmp_path / "cache"), {})
    (lookup, make_folder, sleep), _ = run(
        lambda: (socket.getaddrinfo, FileBasedCache._createdir, time.sleep), limit_s=LIMIT_S
    )
    assert lookup("127.0.0.1", 80)
    (tmp_path / "cache").rmdir()
    make_folder(cache)
    assert (tmp_path / "cache").is_dir()
    sleep(0)
    assert attempt(lambda: lookup("127.0.0.1", 80))[1] == ("a network connection",)


def test_gives_up_on_a_piece_that_does_not_end(untouched, capsys):
    go, asked = threading.Event(), threading.Event()
    errors = []

    def endless():
        go.wait()
        try:
            socket.getaddrinfo("127.0.0.1", 80)
        except Blocked as error:
            errors.append(error)
        asked.set()

    with pytest.raises(StillRunning, match=r"did not end within 0\.05 s"):
        run(endless, limit_s=0.05)
    stuck = next(thread for thread in threading.enumerate() if thread.name == "prodcheck sandbox")
    try:
        sys.stdout.write("the report")
        assert capsys.readouterr().out == "the report"
        assert socket.getaddrinfo("127.0.0.1", 80)
        assert run(lambda: 1, limit_s=LIMIT_S) == (1, ())
        go.set()
        stuck.join(LIMIT_S)
        assert asked.is_set()
        assert len(errors) == 1
        assert not guards.State.stuck
    finally:
        guards.State.kept.pop().close()


def test_a_piece_that_ends_while_it_is_given_up_is_not_listed(untouched):
    worker = sandbox._Worker(lambda: 1)
    worker.start()
    worker.join()
    worker.abandon(guards.Watch())
    assert not guards.State.stuck
