"""What the log says of a component, and what it does not."""

import datetime
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from django_prodready.health import transitions
from django_prodready.health.outcome import Outcome, Status

OK, DEGRADED, DOWN, SKIPPED = Status.OK, Status.DEGRADED, Status.DOWN, Status.SKIPPED
IS_DOWN = ("WARNING", "Probe search is down (ConnectionError).")
IS_DEGRADED = ("WARNING", "Probe search is degraded.")
IS_BACK = ("INFO", "Probe search has recovered.")


@pytest.fixture(autouse=True)
def nothing_is_known():
    transitions.forget()
    yield
    transitions.forget()


def note(status, name="search"):
    turn = transitions.turn(
        name,
        Outcome(
            status=status,
            error="ConnectionError",
            detail="postgres://user:hunter2@10.0.0.1/db",
            duration_s=0,
            finished_s=0,
            at=datetime.datetime.now(datetime.UTC),
        ),
    )
    if turn is not None:
        turn.tell()


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([OK, OK], []),
        ([SKIPPED, OK, SKIPPED], []),
        ([DOWN] * 100 + [OK] * 3, [IS_DOWN, IS_BACK]),
        ([DEGRADED, DEGRADED, SKIPPED], [IS_DEGRADED, IS_BACK]),
        ([OK, DEGRADED, DOWN, DEGRADED, OK], [IS_DEGRADED, IS_DOWN, IS_DEGRADED, IS_BACK]),
    ],
    ids=["well", "skipped", "outage", "degraded", "worse and better"],
)
def test_a_turn_is_told_once(caplog, statuses, told):
    caplog.set_level(logging.DEBUG)
    for status in statuses:
        note(status)
    assert [(record.levelname, record.message) for record in caplog.records] == told
    assert {record.name for record in caplog.records} <= {"django_prodready.health"}
    assert "hunter2" not in caplog.text


def test_each_probe_turns_by_itself(caplog):
    note(DOWN)
    note(DOWN, "mail")
    assert [record.args[0] for record in caplog.records] == ["search", "mail"]


def test_threads_that_see_one_turn_tell_it_once(caplog):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, [DOWN] * 200))
    assert len(caplog.records) == 1


def test_what_is_forgotten_turns_again(caplog):
    note(DOWN)
    note(DOWN, "mail")
    transitions.forget("search")
    note(DOWN)
    note(DOWN, "mail")
    transitions.forget()
    note(DOWN, "mail")
    assert [record.args[0] for record in caplog.records] == ["search", "mail", "search", "mail"]


def test_a_log_handler_that_hangs_is_waited_for_once_and_briefly():
    go_on = threading.Event()
    told = []

    class Hanging(logging.Handler):
        def emit(self, record):
            go_on.wait(20)
            told.append(record.getMessage())

    logger = logging.getLogger("django_prodready.health")
    handler = Hanging()
    logger.addHandler(handler)
    try:
        begun_s = time.monotonic()
        for name in map(str, range(60)):
            note(DOWN, name)
        assert time.monotonic() - begun_s < 60 * transitions.LOG_PATIENCE_S / 2
        go_on.set()
        end_s = time.monotonic() + 20
        while len(told) < 60 and time.monotonic() < end_s:
            time.sleep(0.002)
        assert told == [f"Probe {name} is down (ConnectionError)." for name in range(60)]
    finally:
        go_on.set()
        logger.removeHandler(handler)


def test_without_a_thread_to_be_had_it_is_told_with_the_next_turn(monkeypatch, caplog):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        note(DOWN)
    assert caplog.records == []
    note(DOWN, "mail")
    assert [record.args[0] for record in caplog.records] == ["search", "mail"]


def test_a_log_handler_that_raises_is_ignored():
    class Broken(logging.Handler):
        def handle(self, record):
            raise OSError

    logger = logging.getLogger("django_prodready.health")
    handler = Broken()
    logger.addHandler(handler)
    try:
        note(DOWN)
    finally:
        logger.removeHandler(handler)
