"""From queries of the deployed or the new code that no longer work to harms."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.trace.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django_prodready.migration_safety.trace.catalog import Relation, Relations
    from django_prodready.migration_safety.trace.compatibility import Failure
    from django_prodready.migration_safety.trace.statements import Statement

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_UNDEFINED_TABLE = "42P01"
_UNDEFINED_COLUMN = "42703"
_NOT_NULL_VIOLATION = "23502"
_JOIN = "join"
_NARROWED = "column-narrowed"
# Too long, out of range, no value of the type, another type.
_DOES_NOT_FIT = ("22001", "22003", "22P02", "22007", "22008", "42804", "42883")


def of_deployed(
    failures: Iterable[Failure], before: Relations, after: Relations, statements: Sequence[Statement]
) -> Iterator[Harm]:
    """What the deployed code runs into after the migration; each table and column once."""
    harms: dict[tuple[str, str | None, tuple[str, ...]], Harm] = {}
    told = list(failures)
    alone = [failure for failure in told if failure.kind != _JOIN]
    for failure in alone or told:  # what a join misses is told of the table that it is missed in
        if _is_under_another_name(failure, before, after):
            continue
        harm = _harm(failure, before, after)
        harm = dataclasses.replace(harm, operation=_operation(harm, before, statements))
        harms.setdefault((harm.rule, harm.table, harm.columns), harm)
    narrowed = {table for rule, table, columns in harms if rule == _NARROWED and columns}
    for (rule, table, columns), harm in harms.items():
        if columns or rule != _NARROWED or table not in narrowed:  # the column says more
            yield harm


def of_new(failures: Iterable[Failure]) -> Iterator[Harm]:
    """What the new code runs into after the migration; each table and column once."""
    seen = set()
    for failure in failures:
        identity = (failure.table, failure.column)
        if identity not in seen:
            seen.add(identity)
            yield dataclasses.replace(
                _plain(failure), rule="models-and-schema-differ", detail=_difference(failure)
            )


def is_missing(failures: Iterable[Failure]) -> bool:
    """Whether a table or a column is missing, and not only something about one."""
    return any(failure.sqlstate in (_UNDEFINED_TABLE, _UNDEFINED_COLUMN) for failure in failures)


def _harm(failure: Failure, before: Relations, after: Relations) -> Harm:
    harm = _plain(failure)
    relation = _find(before, failure.table)
    if failure.sqlstate == _UNDEFINED_TABLE:
        return _of_missing_table(failure, relation, after)
    if failure.sqlstate == _UNDEFINED_COLUMN:
        new_name = _new_name(failure.column, relation, after)
        if new_name == failure.column:  # a trigger, say, asks for another
            return dataclasses.replace(harm, rule="incompatible-change", detail=_question(failure))
        if new_name:
            return dataclasses.replace(harm, rule="column-renamed", old=failure.column, new=new_name)
        return dataclasses.replace(harm, rule="column-removed")
    if failure.sqlstate == _NOT_NULL_VIOLATION:
        old = "null" if failure.kind == "insert_null" else None
        return dataclasses.replace(harm, rule="not-null-without-default", old=old)
    if failure.sqlstate in _DOES_NOT_FIT:
        return dataclasses.replace(
            harm,
            rule=_NARROWED,
            old=_type(relation, failure.column),
            new=_type(after.get(relation.oid) if relation else None, failure.column),
        )
    return dataclasses.replace(harm, rule="incompatible-change", detail=_question(failure))


def _of_missing_table(failure: Failure, relation: Relation | None, after: Relations) -> Harm:
    harm = dataclasses.replace(_plain(failure), columns=())
    new = after.get(relation.oid) if relation else None
    if relation is None or new is None:
        return dataclasses.replace(harm, rule="table-removed")
    if new.name == relation.name:  # another one is missing, by which rows are sorted, say
        return dataclasses.replace(harm, rule="incompatible-change", detail=_question(failure))
    return dataclasses.replace(harm, rule="table-renamed", old=relation.name, new=new.name)


def _plain(failure: Failure) -> Harm:
    return Harm(
        rule="",
        app_label=failure.app_label,
        model=failure.model,
        field=failure.field,
        table=failure.table,
        columns=(failure.column,) if failure.column else (),
    )


def _question(failure: Failure) -> str:
    return failure.kind.partition("_")[0].upper()


def _difference(failure: Failure) -> str:
    place = f"{failure.table}.{failure.column}" if failure.column else failure.table
    if failure.sqlstate == _UNDEFINED_TABLE:
        return f"there is no table {failure.table}"
    if failure.sqlstate == _UNDEFINED_COLUMN:
        return f"{failure.table} has no column {failure.column or 'of that name'}"
    if failure.sqlstate == _NOT_NULL_VIOLATION:
        return f"{place} must have a value, and the models give none"
    if failure.sqlstate in _DOES_NOT_FIT:
        return f"{place} does not take all values that the models allow"
    return f"{_question(failure)} on {place} is refused"


def _is_under_another_name(failure: Failure, before: Relations, after: Relations) -> bool:
    """Whether it is a renamed column that lacks a value; that its old name is gone is told of already."""
    relation = _find(before, failure.table)
    new = after.get(relation.oid) if relation else None
    if failure.sqlstate != _NOT_NULL_VIOLATION or relation is None or new is None:
        return False
    return any(
        column.name == failure.column
        and number in relation.columns
        and relation.columns[number].name != column.name
        for number, column in new.columns.items()
    )


def _find(relations: Relations, table: str | None) -> Relation | None:
    name = plain(table or "")
    return next((relation for relation in relations.values() if relation.name == name), None)


def _new_name(column: str | None, relation: Relation | None, after: Relations) -> str | None:
    """The name that a column has now, if it is there still."""
    new = after.get(relation.oid) if relation else None
    if relation is None or new is None:
        return None
    number = next((number for number, known in relation.columns.items() if known.name == column), None)
    found = new.columns.get(number) if number is not None else None
    return found.name if found else None


def _type(relation: Relation | None, column: str | None) -> str | None:
    if relation is None:
        return None
    return next((known.type for known in relation.columns.values() if known.name == column), None)


def _operation(harm: Harm, before: Relations, statements: Sequence[Statement]) -> int | None:
    """The operation that changed the table, in the first statement that did."""
    relation = _find(before, harm.table)
    if relation is None:
        return None
    for statement in statements:
        touch = statement.touches.get(relation.oid)
        if touch is None or touch.before is None or touch.before == touch.after:
            continue
        if not harm.columns or _differs(touch.before, touch.after, harm.columns[0]):
            return statement.operation
    return None


def _differs(before: Relation, after: Relation | None, column: str) -> bool:
    if after is None:
        return True
    old = {known.name: known for known in before.columns.values()}
    new = {known.name: known for known in after.columns.values()}
    return old.get(column) != new.get(column)
