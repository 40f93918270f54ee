"""Which rule it is that a statement runs into, and of what."""

from __future__ import annotations

import pytest
from django.db import models
from prodready_histories import History, findings_of, library, sql

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
        "CREATE TABLE parted (n integer) PARTITION BY RANGE (n)",
        "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10000000)",
    )
    judgement = history.judge(sql(statement), deployed=[library()[0], book, more])
    found = {f"{one.rule} {one.subject}" for one in findings_of(judgement)}
    assert found == expected
