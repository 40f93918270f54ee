"""A judgement on its way between two processes."""

from __future__ import annotations

import json

from django_prodready.migration_safety.model import (
    Category,
    Evidence,
    Finding,
    Judgement,
    Lock,
    Phase,
    Verdict,
)
from django_prodready.migration_safety.trace.wire import from_wire, to_wire
from django_prodready.reporting.finding import Severity


def finding(category: Category | None) -> Finding:
    return Finding(
        rule="index-build",
        category=category,
        evidence=Evidence.TRACED,
        message="Writes wait.",
        hint="Build it concurrently.",
        severity=Severity.ERROR,
        operation=2,
        tables=("shop_book",),
        locks=(Lock("shop_book", "ShareLock"),),
        rewrite=True,
        safe_way="AddIndexConcurrently(...)",
        subject="shop_book.i",
    )


def test_it_arrives_as_it_was() -> None:
    judgement = Judgement(
        key=("shop", "0002_index"),
        verdict=Verdict.UNSAFE,
        phase=Phase.CONTRACT,
        reversible=False,
        traced=True,
        duration_ms=1.5,
        findings=(finding(Category.BLOCKING), finding(None)),
        not_checked=("Not all of it.",),
    )
    assert from_wire(json.loads(json.dumps(to_wire(judgement)))) == judgement


def test_little_arrives_too() -> None:
    judgement = Judgement(key=("shop", "0001_initial"), verdict=Verdict.UNKNOWN)
    assert from_wire(json.loads(json.dumps(to_wire(judgement)))) == judgement
