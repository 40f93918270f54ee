"""Many statements in one message, each of them alone: none sees what another did, and nothing stays of any.

A message to the server and back takes longer than most of the statements. A block of PL/pgSQL takes back what
failed in it: https://www.postgresql.org/docs/current/plpgsql-control-structures.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# A database of our own can be given the language where the server's template has none.
LANGUAGE = "CREATE EXTENSION IF NOT EXISTS plpgsql"

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


def ask_each(cursor: Any, statements: Sequence[str]) -> list[list[str]]:
    """Return what the server said to each: SQLSTATE, which is `PASSED` where it took it, column, constraint.

    Raises the driver's error where the server ends the whole, as on a time limit.
    """
    block = _BLOCK.format(places=", ".join("%s" for _ in statements))
    cursor.execute(f"{block}; {_ANSWERS}", list(statements))
    # psycopg 2 is at the last result by itself, psycopg 3 at the first.
    if cursor.description is None:
        cursor.nextset()
    ((answers,),) = cursor.fetchall()
    return [[part or "" for part in answer] for answer in json.loads(answers)]
