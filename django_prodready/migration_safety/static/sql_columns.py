"""Reads definitions of columns and constraints, as CREATE TABLE and ALTER TABLE have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import volatility
from django_prodready.migration_safety.static.catalogue import Catalogue, Column, Constraint, Kind
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, parts_of, text_of

_AFTER_TYPE = (
    "collate",
    "constraint",
    "not",
    "null",
    "default",
    "check",
    "unique",
    "primary",
    "references",
    "generated",
    "compression",
    "storage",
    "using",
    "deferrable",
    "initially",
)
_SERIAL = ("smallserial", "serial", "bigserial", "serial2", "serial4", "serial8")
CONSTRAINTS = ("constraint", "check", "unique", "primary", "foreign", "exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A column with the constraints that stand behind it."""

    column: Column
    fill: e.Fill
    default: str
    constraints: tuple[Constraint, ...]


def read_column(reader: Reader, table: str, catalogue: Catalogue) -> Definition:
    """Read the definition of a column, its name first."""
    name = reader.name()
    type_ = text_of_type(reader.until(*_AFTER_TYPE))
    is_serial = type_ in _SERIAL
    column = Column(name=name, type=type_, is_nullable=not is_serial, has_default=is_serial)
    fill = e.Fill.VOLATILE if is_serial else e.Fill.NULL
    default = "a sequence" if is_serial else ""
    constraints: list[Constraint] = []
    while not reader.is_done:
        given = reader.name() if reader.take("constraint") else ""
        if reader.take("not", "null"):
            column = replace(column, is_nullable=False)
        elif reader.take("collate"):
            column = replace(column, collation=reader.name())
        elif reader.take("default", "null"):
            column = replace(column, has_default=False)
        elif reader.take("default"):
            fill, default = fill_of_default(text_of(reader.until(*_AFTER_TYPE)), catalogue)
            column = replace(column, has_default=True)
        elif reader.take("generated"):
            fill, mentioned = _generated(reader)
            column = replace(
                column,
                has_default=True,
                is_generated=fill is not e.Fill.VOLATILE,
                computed_from=mentioned,
            )
        else:
            made = _inline(reader, table, name, given)
            constraints += [made] if made is not None else []
    if any(one.kind is Kind.PRIMARY_KEY for one in constraints):
        column = replace(column, is_nullable=False)
    fill = or_nothing(fill, column)
    return Definition(column=column, fill=fill, default=default, constraints=tuple(constraints))


def or_nothing(fill: e.Fill, column: Column) -> e.Fill:
    """Say that existing rows get nothing where NULL is refused."""
    is_refused = fill is e.Fill.NULL and not column.is_nullable and not column.is_generated
    return e.Fill.NOTHING if is_refused else fill


def text_of_type(tokens: Sequence[Token]) -> str:
    """Write a type as the catalogue has it: ``varchar(20)``, ``numeric(8, 2)``."""
    written = text_of(tokens)
    for old, new in (
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (" . ", "."),
        (" [", "["),
        ("[ ", "["),
    ):
        written = written.replace(old, new)
    return written.replace(" ]", "]")


def fill_of_default(text: str, catalogue: Catalogue) -> tuple[e.Fill, str]:
    """Say what existing rows get of a default, written as SQL, which is returned as well."""
    is_constant = volatility.of_sql(text, catalogue) is volatility.Volatility.CONSTANT
    return (e.Fill.CONSTANT if is_constant else e.Fill.VOLATILE), text


def _generated(reader: Reader) -> tuple[e.Fill, tuple[str, ...]]:
    """Read GENERATED … AS IDENTITY, or AS (…) STORED or VIRTUAL; the names in it as well."""
    reader.until("as")
    reader.take("as")
    if reader.take("identity"):
        reader.group()
        return e.Fill.VOLATILE, ()
    mentioned = tuple(token.text for token in reader.group() if token.is_name)
    is_stored = reader.take_any("stored", "virtual") == "stored"
    return (e.Fill.STORED if is_stored else e.Fill.NULL), mentioned


def _inline(reader: Reader, table: str, column: str, given: str) -> Constraint | None:
    """Read one constraint of a column; None for a word that is none."""
    columns = (column,)
    if reader.take("primary", "key"):
        return Constraint(name=given or f"{table}_pkey", kind=Kind.PRIMARY_KEY, columns=columns)
    if reader.take("unique"):
        reader.take("nulls", "distinct")
        reader.take("nulls", "not", "distinct")
        return Constraint(name=given or f"{table}_{column}_key", kind=Kind.UNIQUE, columns=columns)
    if reader.take("check"):
        return _check(reader, given or f"{table}_{column}_check", columns)
    if reader.take("references"):
        return _references(reader, given or f"{table}_{column}_fkey", columns)
    reader.next()
    return None


def read_constraint(reader: Reader, table: str, known: Sequence[str]) -> Constraint | None:
    """Read a constraint of a table; ``known`` are its columns. None for what is none."""
    given = reader.name() if reader.take("constraint") else ""
    if reader.take("check"):
        return _check(reader, given or f"{table}_check", tuple(known))
    for kind, words in ((Kind.UNIQUE, ("unique",)), (Kind.PRIMARY_KEY, ("primary", "key"))):
        if reader.take(*words):
            return _unique(reader, table, given, kind)
    if reader.take("foreign", "key"):
        columns = names_in(reader.group())
        reader.take("references")
        return _references(reader, given or f"{table}_{'_'.join(columns)}_fkey", columns)
    if reader.take("exclude"):
        mentioned = tuple(token.text for token in reader.rest() if token.text in known)
        return Constraint(name=given or f"{table}_excl", kind=Kind.EXCLUSION, columns=mentioned)
    return None


def _unique(reader: Reader, table: str, given: str, kind: Kind) -> Constraint:
    reader.take("nulls", "not", "distinct")
    columns = names_in(reader.group())
    suffix = "pkey" if kind is Kind.PRIMARY_KEY else f"{'_'.join(columns)}_key"
    return Constraint(name=given or f"{table}_{suffix}", kind=kind, columns=columns)


def names_in(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the names of a list that is taken out of its parentheses."""
    return tuple(part[0].text for part in parts_of(tokens, symbol=",") if part and part[0].is_name)


def _check(reader: Reader, name: str, known: tuple[str, ...]) -> Constraint:
    condition = reader.group()
    mentioned = tuple(dict.fromkeys(token.text for token in condition if token.text in known))
    is_valid, _ = _attributes(reader)
    return Constraint(
        name=name,
        kind=Kind.CHECK,
        columns=mentioned,
        is_valid=is_valid,
        not_null=tuple(_proven_not_null(condition)),
    )


def _proven_not_null(condition: Sequence[Token]) -> Iterator[str]:
    for part in parts_of(condition, word="and"):
        reader = Reader(part)
        inner = reader.group()
        if inner and reader.is_done:
            yield from _proven_not_null(inner)
            continue
        name = reader.name()
        if name and reader.take("is", "not", "null") and reader.is_done:
            yield name


def _references(reader: Reader, name: str, columns: tuple[str, ...]) -> Constraint:
    to_table = reader.name()
    to_columns = names_in(reader.group())
    is_valid, is_deferred = _attributes(reader)
    return Constraint(
        name=name,
        kind=Kind.FOREIGN_KEY,
        columns=columns,
        is_valid=is_valid,
        is_deferred=is_deferred,
        to_table=to_table,
        to_columns=to_columns or ("id",),
    )


def _attributes(reader: Reader) -> tuple[bool, bool]:
    """Read what follows a constraint: whether existing rows are checked, and whether the check is put off."""
    is_valid, is_deferred = True, False
    while not reader.is_done:
        if reader.take("not", "valid") or reader.take("not", "enforced"):
            is_valid = False
        elif reader.take("initially", "deferred"):
            is_deferred = True
        elif reader.take("on", "delete", "set") or reader.take("on", "update", "set"):
            reader.next()
        elif reader.take("on", "delete") or reader.take("on", "update"):
            reader.take("no")
            reader.next()
        elif not (
            reader.take("deferrable")
            or reader.take("not", "deferrable")
            or reader.take("initially", "immediate")
            or reader.take("no", "inherit")
            or reader.take_any("match", "enforced", "full", "simple", "partial")
        ):
            break
    return is_valid, is_deferred
