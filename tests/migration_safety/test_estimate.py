"""Estimates: they grow with the table, keep the order of the kinds of work, and change no verdict."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from django_prodready.migration_safety.estimate import COSTS, estimated, sized, tables_of
from django_prodready.migration_safety.model import Category, Evidence, Finding, Judgement, Verdict
from django_prodready.migration_safety.rule import all_rules
from django_prodready.migration_safety.sizes import Sizes, TableSize

BLOCKING = [name for name, rule in all_rules().items() if rule.category is Category.BLOCKING]


def table(
    rows: int | None, row_bytes: int = 104, *, indexes: int = 1, beside: int = 0, writes: int = 0
) -> TableSize:
    """A table; ``beside``: bytes in TOAST."""
    heap = (rows or 1_000_000) * row_bytes
    return TableSize(
        rows=rows, bytes=heap + beside, heap_bytes=heap, index_bytes=0, indexes=indexes, writes=writes
    )


def finding(rule: str = "index-build", **more: object) -> Finding:
    values = {"category": Category.BLOCKING, "tables": ("shop_book",), "message": "m", "hint": "h", **more}
    return Finding(rule=rule, evidence=Evidence.TRACED, **values)  # type: ignore[arg-type]


def seconds(rule: str, size: TableSize, **more: object) -> float:
    return estimated(finding(rule, rewrite=True, **more), size)[0]


def test_every_blocking_rule_has_a_cost() -> None:
    assert sorted(COSTS) == BLOCKING


class TestSeconds:
    @pytest.mark.parametrize("rule", BLOCKING)
    def test_ten_times_the_rows_take_ten_times_as_long(self, rule: str) -> None:
        first, second = seconds(rule, table(1_000_000)), seconds(rule, table(10_000_000))
        assert second == pytest.approx(10 * first, rel=0.1)
        assert first > 0

    @pytest.mark.parametrize("rule", BLOCKING)
    def test_wider_rows_take_no_less(self, rule: str) -> None:
        assert seconds(rule, table(1_000_000, 4000)) >= seconds(rule, table(1_000_000))

    def test_the_kinds_of_work_stand_in_order(self) -> None:
        order = [
            "not-null-scan",
            "foreign-key-validation",
            "index-build",
            "table-rewrite",
            "write-under-lock",
        ]
        found = [seconds(rule, table(10_000_000)) for rule in (*order, "exclusion-constraint")]
        assert found == sorted(found)
        assert len(set(found)) == len(found)

    def test_each_index_is_written_anew_with_its_table(self) -> None:
        for rule in ("table-rewrite", "write-under-lock"):
            assert seconds(rule, table(10_000_000, indexes=5)) > 2 * seconds(rule, table(10_000_000))
        assert seconds("not-null-scan", table(10_000_000, indexes=5)) == seconds(
            "not-null-scan", table(10_000_000)
        )

    def test_a_scan_leaves_out_what_is_stored_beside_the_table(self) -> None:
        plain, large = table(1_000_000), table(1_000_000, beside=50_000_000_000)
        assert seconds("check-validation", large) == seconds("check-validation", plain)
        assert seconds("table-rewrite", large) > 100 * seconds("table-rewrite", plain)

    def test_a_change_of_type_that_only_looks_is_a_scan(self) -> None:
        size = table(10_000_000)
        looked = estimated(finding("column-type-rewrite"), size)
        assert looked == estimated(finding("not-null-scan"), size)
        assert seconds("column-type-rewrite", size) > 10 * looked[0]

    def test_the_kind_of_an_index_counts(self) -> None:
        size = table(10_000_000)
        kinds = ("brin", None, "bloom", "hash", "spgist", "gist", "gin")
        found = [seconds("index-build", size, method=kind) for kind in kinds]
        assert found == [1.3, 3.8, 3.8, 7.7, 19.0, 38.0, 38.0]

    def test_bytes_do_where_rows_are_unknown(self) -> None:
        assert seconds("index-build", table(None)) == seconds("index-build", table(1_000_000))

    def test_two_digits_are_all(self) -> None:
        assert seconds("table-rewrite", table(12_345_678)) == 9.5

    def test_a_small_table_takes_no_time(self) -> None:
        assert estimated(finding(), table(3000)) == (0.0, "a table of less than 1 MB")


class TestWords:
    def test_they_say_what_is_done_to_how_much(self) -> None:
        assert estimated(finding("table-rewrite"), table(12_000_000))[1] == (
            "12,000,000 rows of 100 bytes are written anew at about 1.3 million rows a second"
        )
        assert estimated(finding("write-under-lock"), table(2_000_000, indexes=3))[1] == (
            "2,000,000 rows of 100 bytes are updated, with 3 indexes, at about 110,000 rows a second"
        )

    def test_they_name_the_kind_of_an_index(self) -> None:
        assert estimated(finding(method="gin"), table(2_000_000))[1] == (
            "2,000,000 rows of 100 bytes are sorted into an index of the kind gin "
            "at about 260,000 rows a second"
        )

    def test_they_speak_of_bytes_where_rows_are_unknown(self) -> None:
        assert estimated(finding("not-null-scan"), table(None))[1] == (
            "100 MB are read at about 19 million rows a second"
        )
        empty = dataclasses.replace(table(0), heap_bytes=0, bytes=5_000_000)
        assert estimated(finding("not-null-scan"), empty) == (0.0, "0 MB are read at about 0 rows a second")


class TestSized:
    def of(self, finding: Finding, **tables: TableSize) -> Finding:
        sizes = Sizes(
            tables={f"public.{name}": size for name, size in tables.items()}, search_path=("public",)
        )
        judgement = Judgement(key=("shop", "0002"), verdict=Verdict.UNSAFE, findings=(finding,))
        after = sized(judgement, sizes)
        assert after.verdict is judgement.verdict
        return after.findings[0]

    def test_rows_bytes_and_seconds_are_filled_in(self) -> None:
        found = self.of(finding(), shop_book=table(10_000_000))
        assert (found.rows, found.bytes) == (10_000_000, 1_040_000_000)
        assert found.estimated_block_s == 3.8
        assert found.estimate_reason.startswith("10,000,000 rows of 100 bytes are sorted into an index at")

    @pytest.mark.parametrize("category", [*(one for one in Category if one is not Category.BLOCKING), None])
    def test_others_have_no_time(self, category: Category | None) -> None:
        found = self.of(finding("column-removed", category=category), shop_book=table(10_000_000))
        assert (found.rows, found.estimated_block_s, found.estimate_reason) == (10_000_000, None, "")

    def test_nothing_is_said_of_what_is_unknown(self) -> None:
        for unknown in (finding(), finding(tables=()), finding(tables=("other", "shop_book"))):
            assert self.of(unknown, other=table(10)) == unknown

    def test_several_tables_are_added_up(self) -> None:
        both = finding(tables=("shop_book", "other"))
        found = self.of(both, shop_book=table(10_000_000), other=table(10_000_000))
        assert found.rows == 20_000_000
        assert found.estimated_block_s == 7.6
        assert self.of(both, shop_book=table(10), other=table(None)).rows is None

    def test_how_many_wait_is_said_of_a_hot_table(self) -> None:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        hot = table(10_000_000, writes=40 * 86400)
        sizes = Sizes(tables={"shop_book": hot}, taken_at=now, since=now - timedelta(days=1))
        judgement = Judgement(key=("shop", "0002"), verdict=Verdict.UNSAFE, findings=(finding(),))
        (found,) = sized(judgement, sizes).findings
        assert found.estimate_reason.endswith("; about 40 rows are written in a second")


def test_the_tables_of_all_findings_are_named() -> None:
    judgements = [
        Judgement(key=("shop", name), verdict=Verdict.UNSAFE, findings=(finding(tables=tables),))
        for name, tables in (("1", ("a", "b")), ("2", ("b",)), ("3", ()))
    ]
    assert tables_of(judgements) == {"a", "b"}
