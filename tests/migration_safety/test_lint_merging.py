"""Two judgements of one migration become one."""

from __future__ import annotations

import dataclasses

import pytest

from django_prodready.migration_safety.merging import merged, verdict_of
from django_prodready.migration_safety.model import (
    Category,
    Evidence,
    Finding,
    Judgement,
    Lock,
    Verdict,
)
from django_prodready.reporting.finding import Suppression

KEY = ("shop", "0002_next")
SHARE = (Lock("shop_book", "ShareLock"),)
EXCLUSIVE = (Lock("shop_book", "AccessExclusiveLock"),)
ACCEPTED = Suppression(by="ignore", reason="small")


def finding(rule="index-build", category=Category.BLOCKING, evidence=Evidence.TRACED, **more):
    values = {"message": "seen", "hint": "seen hint", "tables": ("shop_book",), "locks": SHARE, **more}
    return Finding(rule=rule, category=category, evidence=evidence, **values)


def inferred(**more):
    return finding(
        evidence=Evidence.INFERRED,
        **{
            "message": "inferred",
            "hint": "inferred hint",
            "safe_way": "way",
            "operation": 3,
            "subject": "shop_book.book_title",
            **more,
        },
    )


def judgement(verdict, *findings, traced=False, **more):
    return Judgement(key=KEY, verdict=verdict, traced=traced, findings=findings, **more)


def static(*findings, **more):
    return judgement(Verdict.UNSAFE if findings else Verdict.SAFE, *findings, **more)


def traced(*findings, **more):
    return judgement(Verdict.UNSAFE if findings else Verdict.SAFE, *findings, traced=True, **more)


def test_words_are_of_the_operation_and_locks_of_the_server():
    (one,) = merged(static(inferred()), traced(finding(operation=1))).findings
    assert (one.evidence, one.locks) == (Evidence.TRACED, SHARE)
    assert (one.message, one.hint, one.safe_way) == ("inferred", "inferred hint", "way")
    assert (one.operation, one.subject) == (3, "shop_book.book_title")


def test_a_message_that_names_another_lock_is_not_taken():
    (one,) = merged(static(inferred()), traced(finding(locks=EXCLUSIVE))).findings
    assert (one.message, one.hint, one.locks) == ("seen", "inferred hint", EXCLUSIVE)


def test_what_the_operation_does_not_tell_stays():
    bare = inferred(safe_way="", operation=None, subject=None)
    (one,) = merged(
        static(bare), traced(finding(safe_way="seen way", operation=1, subject="s", locks=()))
    ).findings
    assert (one.message, one.safe_way, one.operation, one.subject) == ("inferred", "seen way", 1, "s")


@pytest.mark.parametrize("other", [{"rule": "bulk-write"}, {"tables": ("shop_author",)}])
def test_another_rule_or_table_lends_no_words(other):
    (one,) = merged(static(inferred(**other)), traced(finding())).findings
    assert one == finding()


def test_each_lends_its_words_once_and_to_the_nearest():
    first = inferred(operation=0, subject="a", hint="first")
    second = inferred(operation=1, subject="b", hint="second")
    seen = (finding(subject="b"), finding(operation=0), finding())
    told = merged(static(first, second), traced(*seen)).findings
    assert [one.hint for one in told] == ["second", "first", "seen hint"]


def test_what_was_not_seen_does_not_count():
    told = merged(static(inferred()), traced(duration_ms=2.0))
    assert (told.verdict, told.findings, told.duration_ms) == (Verdict.SAFE, (), 2.0)


def test_attempts_are_told():
    told = merged(static(), traced(not_checked=("more",)), ["tried to reach mail:25"])
    assert told.verdict is Verdict.SAFE
    assert told.not_checked == ("It tried to reach mail:25, which was refused while tracing.", "more")


def test_an_attempt_that_ends_in_failure_leaves_it_unknown():
    fails = finding("migration-fails", Category.FAILS)
    info = finding("irreversible", None)
    told = merged(static(), traced(fails, info, duration_ms=2.0), ["tried to reach mail:25"])
    assert (told.verdict, told.traced, told.findings, told.duration_ms) == (Verdict.UNKNOWN, False, (), 2.0)
    assert len(told.not_checked) == 2
    assert merged(static(), traced(fails)).verdict is Verdict.UNSAFE
    more = traced(fails, finding("column-removed", Category.INCOMPATIBLE))
    assert merged(static(), more, ["tried to reach mail:25"]).verdict is Verdict.UNSAFE
    other = traced(finding("concurrently-in-transaction", Category.FAILS))
    assert merged(static(), other, ["tried to reach mail:25"]).verdict is Verdict.UNSAFE


def test_what_was_not_run_is_unsafe_only_where_its_operations_are():
    not_run = judgement(Verdict.UNKNOWN, not_checked=("It was not run.",))
    assert merged(static(), not_run).verdict is Verdict.UNKNOWN
    told = merged(static(inferred(), not_checked=("Code.", "It was not run.")), not_run)
    assert (told.verdict, told.not_checked) == (Verdict.UNSAFE, ("It was not run.", "Code."))
    assert merged(static(), None).not_checked == ("The trace ended before it was run.",)


def test_suppressed_findings_do_not_count():
    accepted = dataclasses.replace(finding(), suppressed=ACCEPTED)
    info = finding("irreversible", None)
    assert verdict_of(traced(finding(), accepted)) is Verdict.UNSAFE
    assert verdict_of(traced(accepted, info, not_checked=("More.",))) is Verdict.SAFE
    assert verdict_of(static(accepted)) is Verdict.SAFE
    assert verdict_of(static(accepted, not_checked=("Code.",), is_partial=True)) is Verdict.UNKNOWN
    assert verdict_of(traced(accepted, is_partial=True)) is Verdict.UNKNOWN
    assert verdict_of(judgement(Verdict.UNKNOWN, accepted)) is Verdict.UNKNOWN


def test_work_on_rows_is_taken_from_the_operations_where_not_all_was_run():
    unknown = judgement(Verdict.UNKNOWN, traced=True, is_partial=True)
    assert merged(static(inferred()), unknown) == unknown
    told = merged(static(inferred(), inferred(rule="bulk-write", category=Category.BULK_WRITE)), unknown)
    assert (told.verdict, [one.rule for one in told.findings]) == (Verdict.UNSAFE, ["bulk-write"])
    assert told.is_partial
