"""A server that is stopped in the middle of a session, asked by either driver's means."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import Error, OperationalError, connections
from prodready_databases import Gate, install, postgres_entry, through
from prodready_peers.sockets import serving

from django_prodready.migration_safety import answering, read_only
from django_prodready.migration_safety.answering import answered_within
from django_prodready.migration_safety.read_only import patient, reading


@pytest.fixture
def gated(postgres_url: str) -> Iterator[tuple[str, Gate]]:
    """Address of the server behind a gate, and the gate."""
    gate = Gate.to(postgres_url)
    with serving(gate) as port:
        yield through(postgres_url, port), gate
        gate.is_open.set()


@pytest.fixture
def target(gated: tuple[str, Gate], monkeypatch: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The connection of an alias behind the gate."""
    install(monkeypatch, postgres_entry(gated[0], OPTIONS={"pool": True}), "target")
    with django_db_blocker.unblock():
        yield connections["target"]
        connections["target"].close()
    del connections["target"]


def test_who_answers_is_not_disturbed(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as session:
        with answered_within(session, 10):
            assert session.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(Error, match="of its own"), answered_within(session, 10):
            raise Error("of its own")
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_who_does_not_answer_is_not_waited_for(target: Any, gated: tuple[str, Gate]) -> None:
    with patient(target, 5):
        target.ensure_connection()
        gated[1].is_open.clear()
        began_s = time.monotonic()
        with (
            pytest.raises(OperationalError) as caught,
            answered_within(target.connection, 0.2),
            target.cursor() as cursor,
        ):
            cursor.execute("SELECT 1")
    assert str(caught.value) == "the server has not answered for 0.2 s"
    assert time.monotonic() - began_s < 20


def test_what_ends_in_time_is_never_cut_off(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as session:
        with answered_within(session, 0.05):
            pass
        time.sleep(0.1)
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_limit_that_runs_out_as_the_block_ends_cuts_nothing_off(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as session:
        cut = answering._Cut(session.fileno())
        cut.forget()
        cut()
        assert not cut.is_made
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_target_that_stops_is_not_waited_for(
    target: Any, gated: tuple[str, Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_only, "_BLOCK_S", 0.3)
    with pytest.raises(OperationalError, match=r"the server has not answered for 0\.3 s"):
        _read_while_it_stops(target, gated[1])
    assert target.connection is None


def _read_while_it_stops(target: Any, gate: Gate) -> None:
    limits = {"statement_timeout_s": 5, "lock_timeout_s": 1}
    with patient(target, 5), reading(target, **limits), target.cursor() as cursor:
        gate.is_open.clear()
        cursor.execute("SELECT 1")


def test_one_connection_is_enough_and_a_pool_is_not_opened(target: Any) -> None:
    with patient(target, 5):
        target.ensure_connection()
        assert target.pool is None
    assert target.settings_dict["OPTIONS"] == {"pool": True}


def test_what_is_open_stays_as_it_is(target: Any, gated: tuple[str, Gate]) -> None:
    target.settings_dict["OPTIONS"] = {}
    target.ensure_connection()
    with patient(target, 5):
        assert target.settings_dict["OPTIONS"] == {}
    assert target.connection is not None
    with contextlib.closing(target), target.cursor() as cursor:
        cursor.execute("SELECT 1")
