"""Says what SQL does: text, or a list of statements as RunSQL takes them, becomes effects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static import sql_other as other
from django_prodready.migration_safety.static import sql_rows as rows
from django_prodready.migration_safety.static.catalogue import Table
from django_prodready.migration_safety.static.sql_block import read_block
from django_prodready.migration_safety.static.sql_create import create, drop
from django_prodready.migration_safety.static.sql_place import MARK, Place
from django_prodready.migration_safety.static.sql_tokens import (
    Reader,
    Token,
    TokenKind,
    statements_of,
    strings_in,
    tokens_of,
)

Handler = Callable[[Reader, Place], Iterator[e.Effect]]

_SILENT = frozenset(
    """
    analyze checkpoint comment deallocate discard explain grant listen load notify release revoke
    rollback savepoint security show unlisten
    """.split()  # noqa: SIM905 - words
)
_WHOLE: dict[str, Handler] = {  # that need their first word
    "copy": rows.copy,
    "delete": rows.delete,
    "insert": rows.insert,
    "merge": rows.merge,
    "select": rows.query,
    "table": rows.query,
    "truncate": rows.truncate,
    "update": rows.update,
    "values": rows.query,
    "with": rows.query,
}
_AFTER: dict[str, Handler] = {
    "abort": other.commit,
    "alter": other.alter,
    "begin": other.begin,
    "cluster": other.cluster,
    "commit": other.commit,
    "create": create,
    "drop": drop,
    "end": other.commit,
    "lock": other.lock,
    "refresh": other.refresh,
    "reindex": other.reindex,
    "reset": other.reset,
    "set": other.set_,
    "start": other.begin,
    "vacuum": other.vacuum,
}


# Where there are parameters, psycopg takes each % for the begin of a placeholder; %% is a plain one.
_PERCENT = re.compile(rf"%(?!\"?{MARK})(?P<next>[^\n])")


def place_of(catalogue: Mapping[str, Table], origin: e.Origin | None = None) -> Place:
    """Make a place to read statements in. The catalogue is copied."""
    return Place(
        catalogue=dict(catalogue),
        origin=origin or e.Origin(),
        read_body=lambda body, place: read_block(body, place, _read),
    )


def effects_of_sql(sql: object, place: Place) -> Iterator[e.Effect]:
    """Yield what a RunSQL's ``sql`` does: a text, or a list of texts and pairs of text and parameters."""
    if isinstance(sql, str):
        yield from effects_of_text(sql, place)
        return
    for one in sql if isinstance(sql, Sequence) else ():
        text, *rest = (one,) if isinstance(one, str) else one
        yield from effects_of_text(text, place, rest[0] if rest else None)


def effects_of_text(text: str, place: Place, parameters: object = None) -> Iterator[e.Effect]:
    """Yield what a text does that is sent to the server at once: several statements are one transaction.

    ``parameters`` are a list or a mapping; what is no plain value in it is not known.
    """
    if parameters and _has_bare_percent(text):
        reason = "a % of the statement is no placeholder, and beside parameters it has to be written as %%"
        yield e.Fails(table="", origin=place.origin, reason=reason)
        return
    statements = list(statements_of(_filled_in(tokens_of(text), parameters)))
    if len(statements) > 1:
        yield r.Transaction(table="", boundary=r.Boundary.OPEN)
    for statement in statements:
        yield from _read(Reader(statement), place)
    if len(statements) > 1:
        yield r.Transaction(table="", boundary=r.Boundary.CLOSE)


def _has_bare_percent(text: str) -> bool:
    return any(found["next"] not in "%(sbt" for found in _PERCENT.finditer(text))


def _filled_in(tokens: Sequence[Token], parameters: object) -> Iterator[Token]:
    """Put plain values in the place of parameters."""
    values = iter(parameters) if isinstance(parameters, list | tuple) else iter(())
    for token in tokens:
        if token.kind is not TokenKind.PARAMETER:
            yield token
            continue
        value: object = next(values, token)
        if isinstance(parameters, Mapping):
            value = parameters.get(token.text[2:-2], token)
        yield _as_token(value, token)


def _as_token(value: object, unknown: Token) -> Token:
    if value is None or isinstance(value, bool):
        return Token(TokenKind.WORD, {None: "null", True: "true", False: "false"}[value])
    if isinstance(value, int | float):
        return Token(TokenKind.NUMBER, str(value))
    return Token(TokenKind.STRING, value) if isinstance(value, str) else unknown


def _read(reader: Reader, place: Place) -> Iterator[e.Effect]:
    mentioned = strings_in(reader.tokens)
    table = ""
    is_told = reader.peek().is_word("do", "call") or reader.sees("alter", "type") or reader.sees("create")
    for effect in place.follow(_dispatch(reader, place)):
        table = table or effect.table
        yield effect
    if mentioned and not is_told:
        yield r.Mention(table=table, origin=place.origin, literals=mentioned)


def _dispatch(reader: Reader, place: Place) -> Iterator[e.Effect]:
    first = reader.peek()
    word = first.text if first.kind is TokenKind.WORD else ""
    if word in _WHOLE:
        yield from _WHOLE[word](reader, place)
    elif word in _AFTER:
        reader.next()
        yield from _AFTER[word](reader, place)
    elif word == "do":
        yield from _do(reader, place)
    elif word == "call":
        reader.next()
        yield from place.call(reader.name())
    elif first.is_symbol("("):
        yield from _dispatch(Reader(reader.group()), place)
    elif word in _SILENT:  # understood, whatever it names
        yield r.Mention(table="", origin=place.origin, literals=frozenset())
    else:
        yield place.opaque("A statement of SQL was not understood.")


def _do(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DO: its body is one transaction, unless it commits."""
    body = next((token.text for token in reader.rest() if token.kind is TokenKind.STRING), "")
    commits = any(token.is_word("commit") for token in tokens_of(body))
    if not commits:
        yield r.Transaction(table="", boundary=r.Boundary.OPEN)
    yield from read_block(body, place, _read)
    if not commits:
        yield r.Transaction(table="", boundary=r.Boundary.CLOSE)
