"""Many statements in one message, each of them alone: none sees what another did, and nothing stays of any.

A message to the server and back takes longer than most of the statements. A block of PL/pgSQL takes back what
failed in it: https://www.postgresql.org/docs/current/plpgsql-control-structures.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Each statement that passes is taken back by an error of ours.
_BLOCK = """
DO $prodready$
DECLARE
  statement text;
  state text;
  of_column text;
  of_constraint text;
  answers jsonb := '[]';
BEGIN
  FOREACH statement IN ARRAY ARRAY[{places}]::text[] LOOP
    BEGIN
      EXECUTE statement;
      RAISE EXCEPTION USING ERRCODE = 'PRDY0';
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS
        state = RETURNED_SQLSTATE, of_column = COLUMN_NAME, of_constraint = CONSTRAINT_NAME;
      answers := answers || jsonb_build_array(jsonb_build_array(state, of_column, of_constraint));
    END;
  END LOOP;
  PERFORM set_config('prodready.answers', answers::text, true);
END
$prodready$
"""
_ANSWERS = "SELECT current_setting('prodready.answers')"
PASSED = "PRDY0"


def ask_each(cursor: Any, statements: Sequence[tuple[str, Sequence[object]]]) -> list[list[str]]:
    """Return what the server said to each: SQLSTATE, which is `PASSED` where it took it, column, constraint.

    Raises the driver's error where the server does not know PL/pgSQL, and what cannot be made a statement.
    """
    texts = [_text(cursor.mogrify(sql, tuple(params))) for sql, params in statements]
    places = ", ".join("%s" for _ in texts)
    cursor.execute(_BLOCK.format(places=places), texts)
    cursor.execute(_ANSWERS)
    ((answers,),) = cursor.fetchall()
    return [[part or "" for part in answer] for answer in json.loads(answers)]


def _text(statement: str | bytes) -> str:
    return statement.decode() if isinstance(statement, bytes) else statement
