"""Which process judges what, and whether two come to what one does."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest

from django_prodready.migration_safety import shares

MANY = 110


def plan(count: int, *, each_deployed: bool = True) -> Any:
    judged = [SimpleNamespace(key=("shop", f"{number:04}")) for number in range(count)]
    return SimpleNamespace(judged=judged, each_deployed=each_deployed)


def test_two_take_as_long_as_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_usable_processors", lambda: 2)
    first, second = shares.shares_of(plan(MANY))
    assert [*first, *second] == [step.key for step in plan(MANY).judged]
    assert 0.5 < len(first) / MANY < 0.6
    judging = shares._JUDGING
    assert abs(judging * len(first) - (len(first) + judging * len(second))) <= judging


@pytest.mark.parametrize(
    ("options", "processors"),
    [
        pytest.param({"count": 20}, 8, id="few"),
        pytest.param({"count": 0}, 8, id="none"),
        pytest.param({"count": MANY}, 1, id="one processor"),
        pytest.param({"count": MANY, "each_deployed": False}, 8, id="one release"),
    ],
)
def test_one_judges_all_where_two_would_not_do(
    options: dict[str, Any], processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_usable_processors", lambda: processors)
    asked = plan(**options)
    assert shares.shares_of(asked) == ([step.key for step in asked.judged],)


def test_processors_are_those_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert len(shares.shares_of(plan(MANY))) == 1
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert len(shares.shares_of(plan(MANY))) == 2
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert len(shares.shares_of(plan(MANY))) == 1
