"""Says what the triggers of a table do to the rows that they are given: which columns they set, and name.

https://www.postgresql.org/docs/current/plpgsql-trigger.html
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.static.catalogue import Catalogue, Table, function_key
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, tokens_of

_ROWS = ("new", "old")


def filled_on_insert(table: Table, catalogue: Catalogue) -> frozenset[str]:
    """Name the columns that a trigger gives a value before a row is inserted, at least where it has none."""
    bodies = (
        catalogue[key].body
        for trigger in table.triggers.values()
        if trigger.is_before_insert and (key := function_key(trigger.function)) in catalogue
    )
    return frozenset(name for body in bodies for name in _assigned(tokens_of(body or "")))


def _assigned(tokens: list[Token]) -> Iterator[str]:
    """Yield the columns of NEW that are set whenever they are NULL in a row that is inserted."""
    conditions: list[list[Token]] = []
    reader = Reader(tokens)
    while not reader.is_done:
        if reader.take("end", "if"):
            conditions = conditions[:-1]
        elif reader.take("if"):
            conditions.append(reader.until("then"))
        elif conditions and reader.peek().is_word("else", "elsif", "elseif", "case", "loop"):
            conditions[-1] = [reader.next()]
        else:
            name = _target(reader)
            if name and all(_holds(one, name) for one in conditions):
                yield name
            reader.next()


def _target(reader: Reader) -> str:
    """Name the column of NEW that a statement begins to set; empty for all else."""
    is_set = reader.peek(3).is_symbol(":=", "=")
    return _column(reader, ("new",)) if is_set else ""


def _column(reader: Reader, rows: tuple[str, ...]) -> str:
    is_column = reader.peek().is_word(*rows) and reader.peek(1).is_symbol(".") and reader.peek(2).is_name
    return reader.peek(2).text if is_column else ""


def _holds(condition: list[Token], column: str) -> bool:
    """Whether a condition is true for every row that is inserted without a value for the column."""
    text = " ".join(token.text.lower() for token in condition)
    return text in (f"new . {column} is null", f"( new . {column} is null )", "tg_op = insert")


def broken_triggers(table: Table, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the triggers of a table with each column that their functions name and it does not have.

    Nothing is told of functions that serve several tables and ask which one it is.
    """
    for trigger in table.triggers.values() if table.is_complete else ():
        known = catalogue.get(function_key(trigger.function))
        tokens = tokens_of(known.body or "") if known is not None else []
        if not any(token.is_word("tg_table_name", "tg_relname", "tg_argv", "tg_relid") for token in tokens):
            missing = (name for name in _named(Reader(tokens)) if name not in table.columns)
            yield from ((trigger.name, name) for name in dict.fromkeys(missing))


def _named(reader: Reader) -> Iterator[str]:
    while not reader.is_done:
        name = _column(reader, _ROWS)
        if name:
            yield name
        reader.next()
