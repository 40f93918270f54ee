"""What is known of before, and what is seen now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety import tracing
from django_prodready.migration_safety.cache import Remembered
from django_prodready.migration_safety.model import Judgement, Verdict
from django_prodready.migration_safety.plan import Selection
from django_prodready.migration_safety.tracing import Traced, remembered_or_traced
from django_prodready.reporting.redaction import Redactor

if TYPE_CHECKING:
    import pytest

SEEN, HALF, GONE = ("shop", "0001"), ("shop", "0002"), ("shop", "0003")


class Known:
    """A cache that remembers all of them."""

    def keys(self, plan: object, version: int) -> dict[Any, str]:
        return dict.fromkeys((SEEN, HALF, GONE), "name")

    def find(self, keys: dict[Any, str]) -> dict[Any, Remembered]:
        return {key: Remembered(said(key, Verdict.SAFE), ("tried to",)) for key in keys}

    def keep(self, *_: object) -> tuple[str, ...]:
        return ("It is full.",)


def said(key: Any, verdict: Verdict, *, traced: bool = True) -> Judgement:
    return Judgement(key=key, verdict=verdict, traced=traced)


def test_what_is_seen_now_goes_before_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {SEEN: said(SEEN, Verdict.UNSAFE), HALF: said(HALF, Verdict.UNKNOWN, traced=False)}
    monkeypatch.setattr(tracing, "trace", lambda *_, **__: Traced(judgements=dict(now)))
    monkeypatch.setattr(tracing, "server_version", lambda _: 150018)
    monkeypatch.setattr(tracing, "narrowed", lambda plan, _: plan)
    plan: Any = SimpleNamespace(judged=("one",))
    server: Any = None
    cache: Any = Known()
    told = remembered_or_traced(plan, Selection(), server, Redactor(()), cache)
    assert told.warnings == ["It is full."]
    assert {key: one.verdict for key, one in told.judgements.items()} == {
        SEEN: Verdict.UNSAFE,
        HALF: Verdict.SAFE,
        GONE: Verdict.SAFE,
    }
    assert set(told.attempts) == {HALF, GONE}
