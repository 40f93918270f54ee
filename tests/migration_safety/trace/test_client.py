"""The process of a trace: what it is given, what it tells, and how it ends."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from prodready_databases import eventually

from django_prodready.migration_safety.plan import Selection
from django_prodready.migration_safety.trace import client, process, scratch
from django_prodready.migration_safety.trace.client import Limits
from django_prodready.migration_safety.trace.protocol import ATTEMPTED, Channel, Job, Message, TraceError
from django_prodready.migration_safety.trace.scratch import Scratch


@pytest.fixture
def database(postgres_url: str) -> Iterator[Scratch]:
    with scratch.created(scratch.from_url(postgres_url)) as made:
        yield made


def job(call: str, **parts: Any) -> Job:
    return Job(
        settings_module=parts.pop("settings_module", "testproject.settings"),
        alias="default",
        call=f"prodready_traced.calls.{call}",
        **parts,
    )


def traced(database: Scratch, call: str, **options: Any) -> list[Message]:
    return list(client.run(job(call), database, **options))


def test_it_is_given_the_job_and_tells_what_it_sees(database: Scratch) -> None:
    shown: list[str] = []
    asked = job(
        "tell",
        selection=Selection(app_label="shop"),
        applied=(("shop", "0001_initial"),),
        options={"seed": 3},
    )
    (told,) = client.run(asked, database, show=shown.append)
    assert told == {
        "kind": "told",
        "alias": "default",
        "selection": "shop",
        "applied": [["shop", "0001_initial"]],
        "options": {"seed": 3},
        "argv": [sys.argv[0], "migrate"],
        "input": "",
        "settings": "testproject.settings",
        "static": "/static/",
        "set": [1, 2, 3],
        "is_first_in_path": True,
    }
    assert shown == ["the password is [redacted]\n"]


def test_a_job_shows_no_password(database: Scratch) -> None:
    password = database.entry["PASSWORD"]
    complete = Job(settings_module="s", alias="default", database=database.entry)
    assert password not in repr(complete)
    assert Job.from_json(complete.to_json()) == complete


def test_the_settings_may_be_a_class(database: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_CONFIGURATION", "Live")
    (told,) = client.run(job("tell", settings_module="prodready_traced.configured"), database)
    assert told["static"] == "/configured/"


def test_it_copies_the_database(database: Scratch) -> None:
    (copied,) = traced(database, "migrate")
    assert copied["name"] == f"{database.name}_before"
    assert copied["tables"] > 5


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("fail", "The trace has failed: ValueError (message withheld: it may hold a value)."),
        ("copy_other", "The trace has failed: postgres is not copied"),
        ("leave", "The process that runs the migrations ended with exit code 3, before the trace was done."),
        ("die", "The process that runs the migrations was ended by SIGKILL, before the trace was done."),
        ("no_such_call", "The trace has failed: ImportError: "),
    ],
)
def test_its_failure_is_one_sentence(database: Scratch, call: str, says: str) -> None:
    shown: list[str] = []
    with pytest.raises(TraceError) as caught:
        traced(database, call, show=shown.append)
    assert str(caught.value).startswith(says)
    for text in (str(caught.value), *shown):
        assert django_settings.SECRET_KEY not in text


def test_settings_that_cannot_be_loaded_are_told(database: Scratch) -> None:
    broken = job("tell", settings_module="prodready_traced.broken")
    shown: list[str] = []
    with pytest.raises(TraceError, match="ModuleNotFoundError: No module named 'no_such_module_at_all'"):
        list(client.run(broken, database, show=shown.append))
    assert "prodready_traced/broken.py:3 in <module>" in shown[0]


def test_an_app_that_must_reach_a_server_to_start_is_told(
    database: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    calling = job("tell", settings_module="prodready_traced.calling_settings")
    monkeypatch.setenv("TRACED_APP", "Calling")
    messages = client.run(calling, database)
    assert next(messages) == {"kind": ATTEMPTED, "words": "tried to reach flags.example.org:443"}
    with pytest.raises(TraceError) as caught:
        next(messages)
    assert str(caught.value) == (
        "The trace has failed: The project could not be set up (gaierror), perhaps because of what is out of "
        "reach in a trace: it tried to reach flags.example.org:443. Let it start without that."
    )
    monkeypatch.setenv("TRACED_APP", "Broken")
    with pytest.raises(TraceError, match="The trace has failed: LookupError"):
        list(client.run(calling, database))


def test_silence_and_length_have_limits(database: Scratch) -> None:
    with pytest.raises(TraceError, match=r"said nothing for 0\.01 s, and was ended"):
        traced(database, "hang", limits=Limits(idle_s=0.01))
    with pytest.raises(TraceError, match=r"took longer than 0\.01 s, and was ended"):
        traced(database, "hang", limits=Limits(total_s=0.01))


def test_a_process_that_answers_no_more_is_ended(database: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_GRACE_S", 0.1)
    with pytest.raises(TraceError, match="answers no more, before the trace was done"):
        traced(database, "sulk")


def end_keeper(database: Scratch) -> None:
    """Have the server end the session that the command keeps."""
    (pid,) = (pid for (pid,) in database.session.rows("SELECT pg_backend_pid()"))
    with psycopg.connect(**_address(database), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [pid])


def _address(database: Scratch) -> dict[str, Any]:
    entry = database.server.entry
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {"dbname": "postgres", **{name: entry[key] for name, key in names.items()}}


def test_a_session_that_the_server_ends_ends_the_trace(database: Scratch) -> None:
    says = "The trace has failed: the server has ended the session that the migrations ran in: see its log"
    with pytest.raises(TraceError, match=says):
        traced(database, "lose")
    assert traced(database, "err") == [{"kind": "well", "usable": True}]


def test_without_the_session_that_keeps_its_database_a_trace_ends_at_once(database: Scratch) -> None:
    messages = client.run(job("hang"), database)
    pid = next(messages)["pid"]
    began_s = time.monotonic()
    end_keeper(database)
    with pytest.raises(
        TraceError, match=r"\(127\.0\.0\.1:\d+\) is lost: .* Run it again when the server is well"
    ):
        next(messages)
    assert time.monotonic() - began_s < client._CHECK_EVERY_S
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_server_that_says_nothing_is_asked_now_and_then(
    database: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_CHECK_EVERY_S", 0.1)
    checks: list[int] = []
    monkeypatch.setattr(Scratch, "check", lambda self: checks.append(1))
    with pytest.raises(TraceError, match="said nothing for 2 s"):
        traced(database, "hang", limits=Limits(idle_s=2))
    assert len(checks) > 5


def test_a_copy_that_the_server_cannot_make_any_more_ends_the_trace(database: Scratch) -> None:
    messages = client.run(job("copy_later"), database)
    assert next(messages) == {"kind": "asking"}
    end_keeper(database)
    with pytest.raises(TraceError, match=r"is lost: |could not be copied: "):
        next(messages)


def test_a_copy_that_fails_for_want_of_a_server_tells_that(
    database: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scratch, "check", end_keeper_once(database))
    with pytest.raises(TraceError, match="The scratch database could not be copied: terminating connection"):
        traced(database, "copy_later")


def end_keeper_once(database: Scratch) -> Callable[[Scratch], None]:
    """Return what ends the session after it was seen to be well."""
    left = [1]
    return lambda _: end_keeper(database) if left and left.pop() else None


def test_it_ends_when_nobody_asks_for_more(database: Scratch) -> None:
    messages = client.run(job("hang"), database)
    pid = next(messages)["pid"]
    messages.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_interrupt_ends_it(database: Scratch) -> None:
    messages = client.run(job("hang"), database)
    pid = next(messages)["pid"]
    threading.Timer(0.2, signal.pthread_kill, [threading.get_ident(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        next(messages)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_module_of_the_settings_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.settings_module() == "testproject.settings"
    with override_settings(SETTINGS_MODULE=None):
        assert client.settings_module() == "testproject.settings"
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
        with pytest.raises(TraceError, match=r"made by settings\.configure\(\)"):
            client.settings_module()


def test_another_system_is_refused(database: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "waitid")
    with pytest.raises(TraceError, match="needs Linux, macOS or another POSIX system"):
        traced(database, "tell")


def test_to_import_its_module_starts_nothing() -> None:
    assert importlib.import_module("django_prodready.migration_safety.trace.__main__").main


class TestChannel:
    """The worker's end, in this process."""

    def test_its_end_is_noticed(self) -> None:
        with ends() as (channel, theirs, ended):
            channel.listen()
            theirs[0].close()
            assert eventually(lambda: ended == [1])

    def test_a_request_gets_its_reply(self) -> None:
        with ends() as (channel, theirs, _):
            channel.listen()
            theirs[0].write('{"value": "copy_of_it"}\n{"value": null}\n{"error": "no"}\n')
            theirs[0].flush()
            assert channel.copy_database("it", "copy") == "copy_of_it"
            channel.drop_database("it_copy")
            with pytest.raises(TraceError, match="no"):
                channel.drop_database("it_copy")
            theirs[0].close()

    def test_what_json_cannot_say_is_refused(self) -> None:
        with ends() as (channel, theirs, _):
            channel({"path": Path("a/b"), "names": frozenset("ba")})
            assert theirs[1].readline() == '{"path": "a/b", "names": ["a", "b"]}\n'
            with pytest.raises(TypeError, match="holds a object"):
                channel({"what": object()})


@contextlib.contextmanager
def ends() -> Iterator[tuple[Channel, tuple[Any, Any], list[int]]]:
    ended: list[int] = []
    requests, answers = os.pipe(), os.pipe()
    with contextlib.ExitStack() as stack:
        read, asked = (stack.enter_context(os.fdopen(requests[i], "rw"[i])) for i in (0, 1))
        told, write = (stack.enter_context(os.fdopen(answers[i], "rw"[i])) for i in (0, 1))
        yield Channel(read, write, lambda: ended.append(1)), (asked, told), ended
        if not asked.closed:
            asked.close()
        time.sleep(0.05)
