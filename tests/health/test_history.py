"""What the status page's strip is made of."""

import datetime

import pytest

from django_prodready.health import history
from django_prodready.health.outcome import Outcome, Status


@pytest.fixture(autouse=True)
def nothing_is_known():
    history.forget()
    yield
    history.forget()


def outcome(finished_s):
    return Outcome(
        status=Status.OK, duration_s=0, finished_s=finished_s, at=datetime.datetime.now(datetime.UTC)
    )


def test_what_never_ran_has_no_history():
    assert history.recent("cache") == ()


def test_it_is_oldest_first_and_bounded():
    for second in range(history.LENGTH + 5):
        history.record("cache", outcome(second))
    assert [kept.finished_s for kept in history.recent("cache")] == list(range(5, history.LENGTH + 5))
    assert history.recent("database") == ()


def test_what_was_given_does_not_change():
    history.record("cache", outcome(1))
    before = history.recent("cache")
    history.record("cache", outcome(2))
    assert len(before) == 1


def test_one_probe_is_forgotten_or_all():
    for name in ("cache", "database", "storage"):
        history.record(name, outcome(1))
    history.forget("cache")
    history.forget("never")
    assert [len(history.recent(name)) for name in ("cache", "database")] == [0, 1]
    history.forget()
    assert history.recent("database") == ()
