"""BEGIN, COMMIT and ROLLBACK in the SQL of migrations."""

from __future__ import annotations

import pytest

from django_prodready.migration_safety.trace.transaction_control import Control, control_of, split

BEGIN, COMMIT, ROLLBACK = Control.BEGIN, Control.COMMIT, Control.ROLLBACK


@pytest.mark.parametrize(
    ("sql", "controls"),
    [
        ("BEGIN; UPDATE a SET b = 1; COMMIT;", [BEGIN, None, COMMIT]),
        ("start transaction isolation level serializable; SELECT 1; end", [BEGIN, None, COMMIT]),
        ("-- one\n/* two */ COMMIT", [COMMIT]),
        ("BEGIN; ABORT", [BEGIN, ROLLBACK]),
        ("ROLLBACK TO SAVEPOINT a", [None]),
        ("ROLLBACK WORK TO a", [None]),
        ("COMMIT PREPARED 'a'", [None]),
        ("SELECT 'BEGIN; COMMIT'", [None]),
        ("SELECT CASE WHEN a THEN 1 END; SELECT 2", [None]),
        ("DO $$ BEGIN UPDATE a SET b = 1; COMMIT; END $$", [None]),
        (
            (
                "CREATE FUNCTION f() RETURNS trigger AS $x$ BEGIN RETURN NEW; END; $x$ LANGUAGE plpgsql; "
                "SELECT 1"
            ),
            [None],
        ),
        ("SELECT 1; SELECT 2", [None]),
    ],
)
def test_what_ends_and_begins_transactions(sql: str, controls: list[Control | None]) -> None:
    assert [control_of(part) for part in split(sql)] == controls
