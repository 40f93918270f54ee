"""Which rule it is that a statement runs into, and of what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.migrations import RunSQL, SeparateDatabaseAndState
from prodready_histories import History, code, create, findings_of, library, sql

from django_prodready.migration_safety.trace.catalog import Column, Constraint, Relation
from django_prodready.migration_safety.trace.explain import Scene, explain
from django_prodready.migration_safety.trace.names import Names
from django_prodready.migration_safety.trace.statements import Statement, Touch

BOOK = "ALTER TABLE shop_book"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE INDEX slow ON shop_book (pages)", {"index-build shop_book.slow"}),
        ("CREATE UNIQUE INDEX slow ON shop_book (lower(title))", {"index-build shop_book.slow"}),
        (f"{BOOK} ADD CONSTRAINT one UNIQUE (title, pages)", {"unique-constraint shop_book.one"}),
        (
            f"{BOOK} DROP CONSTRAINT shop_book_pkey, ADD CONSTRAINT pk PRIMARY KEY (id)",
            {"unique-constraint shop_book.pk"},
        ),
        (
            f"{BOOK} ADD CONSTRAINT apart EXCLUDE USING btree (id WITH =)",
            {"exclusion-constraint shop_book.apart"},
        ),
        (f"{BOOK} ALTER pages TYPE bigint", {"column-type-rewrite shop_book.pages"}),
        (
            f'{BOOK} ALTER pages TYPE bigint, ALTER title TYPE text COLLATE "C"',
            {"column-type-rewrite shop_book.title, pages"},
        ),
        (f'{BOOK} ALTER title TYPE text COLLATE "C"', set()),
        (f"{BOOK} ALTER coded TYPE varchar(30)", set()),
        (f'{BOOK} ALTER coded TYPE varchar(30) COLLATE "C"', {"index-rebuild shop_book.coded_index"}),
        (
            f"{BOOK} ADD twice integer GENERATED ALWAYS AS (pages / 2) STORED",
            {"stored-generated-column shop_book.twice"},
        ),
        (f"{BOOK} ADD token uuid DEFAULT gen_random_uuid()", {"volatile-default shop_book.token"}),
        (f"{BOOK} ADD number bigint GENERATED ALWAYS AS IDENTITY", {"volatile-default shop_book.number"}),
        (
            f"{BOOK} ADD label text NOT NULL",
            {
                f"{rule} shop_book.label"
                for rule in (
                    "fails-on-existing-rows",
                    "models-and-schema-differ",
                    "not-null-without-default",
                )
            },
        ),
        (f"{BOOK} SET UNLOGGED", {"table-rewrite shop_book"}),
        (
            f"{BOOK} ALTER note SET NOT NULL",
            {
                f"{rule} shop_book.note"
                for rule in ("models-and-schema-differ", "not-null-scan", "not-null-without-default")
            },
        ),
        (f"{BOOK} ADD CONSTRAINT c CHECK (pages > -1)", {"check-validation shop_book.c"}),
        (f"{BOOK} ADD CONSTRAINT c CHECK (pages > -1) NOT VALID", set()),
        (
            f"{BOOK} ADD CONSTRAINT k FOREIGN KEY (kind_id) REFERENCES shop_kind",
            {"foreign-key-validation shop_book.k"},
        ),
        (f"{BOOK} VALIDATE CONSTRAINT late", set()),
        ("TRUNCATE shop_book", {"data-deleted shop_book"}),
        ("TRUNCATE retired", set()),
        ("DROP TABLE retired", set()),
        (f"{BOOK} DROP forgotten", set()),
        ("DELETE FROM shop_book", {"bulk-write shop_book", "data-deleted shop_book"}),
        ("DELETE FROM retired", {"bulk-write retired"}),
        ("LOCK TABLE shop_book; SELECT count(*) FROM shop_kind", {"scan-under-lock shop_book"}),
        (
            "LOCK TABLE shop_kind; UPDATE shop_kind SET code = 'x'",
            {f"{rule} shop_kind" for rule in ("bulk-write", "scan-under-lock", "write-under-lock")},
        ),
        (f"{BOOK} ALTER checked TYPE varchar(30)", {"column-type-rewrite shop_book.checked"}),
        (
            "LOCK TABLE shop_book IN SHARE MODE; TABLE shop_book; LOCK TABLE shop_book; TABLE shop_book",
            {"scan-under-lock shop_book"},
        ),
        ("CREATE INDEX slow ON parted (n)", {"index-build parted_low.parted_low_n_idx"}),
        ("REINDEX TABLE shop_kind", {"index-rebuild shop_kind.shop_kind_pkey"}),
    ],
)
def test_what_a_statement_is(history: History, statement: str, expected: set[str]) -> None:
    book = library()[1]
    book.fields += [
        ("note", models.TextField(null=True)),
        ("coded", models.CharField(max_length=20, default="")),
    ]
    more = sql(
        "CREATE TABLE retired AS SELECT 1 AS n",
        f"{BOOK} ADD forgotten integer",
        f"{BOOK} ADD CONSTRAINT late CHECK (pages > -2) NOT VALID",
        "CREATE INDEX coded_index ON shop_book (coded)",
        f"{BOOK} ADD checked varchar(20) CHECK (checked <> 'no')",
        "CREATE TABLE parted (n integer) PARTITION BY RANGE (n)",
        "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10000000)",
    )
    statements = sql(*statement.split("; "))
    judgement = history.judge(statements, deployed=[library()[0], book, more])
    found = {f"{one.rule} {one.subject}" for one in findings_of(judgement)}
    assert found == expected


def loose() -> list[Any]:
    """Books that may be of no kind, whose kind is not checked."""
    kind = models.ForeignKey("shop.Kind", models.SET_NULL, null=True, db_constraint=False)
    return [library()[0], create("Book", pages=models.IntegerField(default=0), kind=kind)]


@pytest.mark.parametrize(
    "first", ["SELECT 1", "SET LOCAL enable_seqscan = off", "UPDATE shop_book SET pages = 1 WHERE pages < 0"]
)
def test_a_foreign_key_is_validated_by_an_index_too(history: History, first: str) -> None:
    added = sql(first, f"{BOOK} ADD CONSTRAINT k FOREIGN KEY (kind_id) REFERENCES shop_kind")
    (finding,) = findings_of(history.judge(added, deployed=loose()))
    assert (finding.rule, finding.subject) == ("foreign-key-validation", "shop_book.k")


@pytest.mark.parametrize(
    "statement",
    [
        f"{BOOK} ADD also integer NULL REFERENCES shop_kind",
        f"{BOOK} ADD CONSTRAINT again FOREIGN KEY (kind_id) REFERENCES shop_kind NOT VALID",
        "CREATE TABLE region_north PARTITION OF region FOR VALUES IN (1)",
    ],
)
def test_a_foreign_key_that_is_valid_without_reading(history: History, statement: str) -> None:
    more = sql(
        "CREATE TABLE region (id integer PRIMARY KEY) PARTITION BY LIST (id)",
        f"{BOOK} ADD region_id integer REFERENCES region",
    )
    assert findings_of(history.judge(sql(statement), deployed=[*loose(), more])) == []


def test_rows_that_it_wrote_itself_are_none_of_the_tables(history: History) -> None:
    def parse(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            int(f"no number {book.pages}")

    write = sql(
        "INSERT INTO shop_kind (code) VALUES ('a')", "UPDATE shop_kind SET code = 'b' WHERE code = 'a'"
    )
    judgement = history.judge(write, code(parse), deployed=library())
    assert findings_of(judgement) == []


def test_a_not_null_constraint_by_name_is_told_once() -> None:
    """As PostgreSQL 18 has them: https://www.postgresql.org/docs/18/catalog-pg-constraint.html."""

    def relation(*, is_required: bool, is_valid: bool) -> Relation:
        column = Column("pages", "integer", is_required, "", "", None, 0)
        constraint = Constraint("pages_set", "n", is_valid, 0, (1,), 0)
        constraints = {7: constraint} if is_required else {}
        return Relation(5, "shop_book", "shop_book", False, "r", 1, {1: column}, constraints)

    def rules(before: Relation, after: Relation) -> list[tuple[str, str | None]]:
        touch = Touch(frozenset({"AccessExclusiveLock"}), scans=1, reads=10, before=before, after=after)
        names = Names(())
        scene = Scene(existing={5: before}, rows={5: 10}, deployed=names, names=names)
        harms = explain([Statement("ALTER TABLE", 0, 1, 0, {5: touch})], scene)
        return [(harm.rule, harm.name) for harm in harms]

    bare, late, whole = (
        relation(is_required=False, is_valid=False),
        relation(is_required=True, is_valid=False),
        relation(is_required=True, is_valid=True),
    )
    assert rules(bare, whole) == [("not-null-scan", None)]
    assert rules(late, whole) == [("not-null-scan", "pages_set")]


def test_what_cannot_be_undone_is_told_of_the_first(history: History) -> None:
    hidden = SeparateDatabaseAndState(database_operations=[RunSQL("ANALYZE shop_book")])
    judgement = history.judge(sql("ANALYZE shop_kind"), hidden, RunSQL("SELECT 1"), deployed=library())
    assert [(one.rule, one.operation) for one in judgement.findings] == [("irreversible", 1)]
    assert not judgement.reversible
