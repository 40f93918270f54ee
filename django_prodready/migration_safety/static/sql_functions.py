"""Reads CREATE and DROP of functions, procedures and triggers.

https://www.postgresql.org/docs/current/sql-createtrigger.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Trigger, function_key
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE
from django_prodready.migration_safety.static.sql_place import Place
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, TokenKind, parts_of

_VOLATILITIES = ("immutable", "stable", "volatile")


def create_function(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE FUNCTION or PROCEDURE from behind these words: it may be called, now or later."""
    name = reader.name()
    reader.group()
    tokens = reader.rest()
    is_volatile = not _is_steady(tokens)
    bodies = [
        after.text
        for token, after in itertools.pairwise(tokens)
        if token.is_word("as") and after.kind is TokenKind.STRING
    ]
    if bodies or not is_volatile:  # what is not volatile writes nothing, whatever its body is
        body = bodies[0] if bodies else ""
        yield r.SetFunction(table="", origin=place.origin, name=name, body=body, is_volatile=is_volatile)


def _is_steady(tokens: Sequence[Token]) -> bool:
    """Whether a function is declared to answer alike for all rows of a statement."""
    return any(token.is_word("immutable", "stable") for token in tokens)


def alter_function(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read ALTER FUNCTION from behind these words: how often it is computed matters."""
    name = reader.name()
    reader.group()
    tokens = reader.rest()
    known = place.catalogue.get(function_key(name))
    if known is not None and any(token.is_word(*_VOLATILITIES) for token in tokens):
        yield r.SetFunction(
            table="", origin=place.origin, name=name, body=known.body, is_volatile=not _is_steady(tokens)
        )


def drop_function(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP FUNCTION or PROCEDURE from behind these words: CASCADE takes its triggers along."""
    reader.take("if", "exists")
    names = [Reader(part).name() for part in parts_of(reader.until("cascade", "restrict"), symbol=",")]
    is_cascading = reader.take("cascade")
    for name in names:
        for table in list(place.catalogue.values()) if is_cascading else ():
            for trigger in table.triggers.values():
                if trigger.function == name:
                    yield _dropped(trigger.name, table.name, place)
        yield r.SetFunction(table="", origin=place.origin, name=name, body=None)


def create_trigger(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE TRIGGER from behind these words."""
    name = reader.name()
    events = reader.until("on")
    reader.take("on")
    table = reader.name()
    rest = reader.until("execute")
    reader.take("execute")
    reader.take_any("function", "procedure")
    is_row = any(token.is_word("row") for token in rest)
    is_before = any(token.is_word("before") for token in events)
    on_insert = any(token.is_word("insert") for token in events)
    has_condition = any(token.is_word("when") for token in rest)
    trigger = Trigger(
        name=name,
        function=reader.name(),
        is_before_insert=is_row and is_before and on_insert and not has_condition,
    )
    yield r.CreateTrigger(table=table, origin=place.origin, mode=SHARE_ROW_EXCLUSIVE, trigger=trigger)


def drop_trigger(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP TRIGGER from behind these words."""
    reader.take("if", "exists")
    name = reader.name()
    reader.take("on")
    yield _dropped(name, reader.name(), place)


def _dropped(name: str, table: str, place: Place) -> e.Effect:
    return r.DropTrigger(table=table, origin=place.origin, mode=ACCESS_EXCLUSIVE, name=name)
