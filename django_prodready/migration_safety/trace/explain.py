"""From what was seen to harms: which rule it is that a migration runs into."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.trace.versions import SHARE
from django_prodready.migration_safety.trace.work import Kind, Work, work_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django_prodready.migration_safety.trace.attempt import Attempt
    from django_prodready.migration_safety.trace.catalog import Relation, Relations
    from django_prodready.migration_safety.trace.names import Names
    from django_prodready.migration_safety.trace.statements import Statement, Touch

_BUILT = {"u": "unique-constraint", "p": "unique-constraint", "x": "exclusion-constraint"}
_KEEPS_ROWS = ("r", "p")  # the others show what is kept elsewhere
_VALIDATED = {"c": "check-validation", "f": "foreign-key-validation", "n": "not-null-scan"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What must be known to tell what a run means."""

    existing: Relations
    rows: Mapping[int, int]  # how many each relation had when the run began
    changed: Mapping[tuple[int, int], int] = dataclasses.field(default_factory=dict)  # see work_of
    deployed: Names  # the models of the release that serves now
    names: Names  # what to call tables and columns, new ones too

    def after(self, run: Attempt) -> Scene:
        """The same, and what one run over the rows changed."""
        return dataclasses.replace(self, changed=run.changed)

    def without_rows(self) -> Scene:
        """The same where nothing stood in any table."""
        return dataclasses.replace(self, rows={})


def explain(statements: Sequence[Statement], scene: Scene) -> tuple[Harm, ...]:
    """Give the harms of one run, each once, in the order of the statements."""
    harms: dict[Harm, None] = {}
    for statement in statements:
        for harm in _destroyed(statement, scene):
            harms.setdefault(_named(harm, scene), None)
        for work in work_of(statement, scene.existing, scene.rows, scene.changed):
            for harm in _harms(work, scene):
                harms.setdefault(_named(harm, scene), None)
    for harm in _written(statements, scene):
        harms.setdefault(_named(harm, scene), None)
    return tuple(_merged(harms))


def _harms(work: Work, scene: Scene) -> Iterator[Harm]:
    table = work.before.name
    if work.kind is Kind.EMPTIED and scene.deployed.uses(table):
        yield Harm(rule="data-deleted", operation=work.statement.operation, table=table, detail="TRUNCATE")
    if not work.locks or work.kind is Kind.EMPTIED:
        return
    harm = Harm(
        rule="",
        operation=work.statement.operation,
        table=table,
        locks=work.locks,
        rewrite=work.kind is Kind.REWRITE,
    )
    if work.kind is Kind.REWRITE:
        yield _rewrite(work, harm)
    if work.kind is Kind.INDEX_BUILD:
        yield _build(work, harm)
    if work.kind is Kind.INDEX_REBUILD:
        yield _rebuild(work, harm)
    if work.kind is Kind.WRITE:
        yield _under_lock(harm, "write-under-lock")
    if work.kind is Kind.SCAN:
        yield from _scan(work, harm)


def _destroyed(statement: Statement, scene: Scene) -> Iterator[Harm]:
    """Data that the deployed release uses, gone."""
    for touch in statement.touches.values():
        before, after = touch.before, touch.after
        if before is None or before.kind not in _KEEPS_ROWS or not scene.deployed.uses(before.name):
            continue
        harm = Harm(rule="data-dropped", operation=statement.operation, table=before.name)
        if after is None:
            yield harm
            continue
        gone = [
            column.name
            for number, column in before.columns.items()
            if number not in after.columns and scene.deployed.uses(before.name, column.name)
        ]
        if gone:
            yield dataclasses.replace(harm, columns=tuple(gone))


def _rewrite(work: Work, harm: Harm) -> Harm:
    before, after = work.before, work.after or work.before
    retyped = _retyped(before, after)
    if retyped:
        return _retyping(harm, before, after, retyped)
    added = [number for number in after.columns if number not in before.columns]
    stored = [number for number in added if after.columns[number].generated == "s"]
    if stored:
        return dataclasses.replace(harm, rule="stored-generated-column", columns=after.names_of(stored))
    filled = [
        number
        for number in added
        if after.columns[number].default is not None or after.columns[number].identity
    ]
    if filled:
        return dataclasses.replace(
            harm,
            rule="volatile-default",
            columns=after.names_of(filled),
            new=after.columns[filled[0]].default,
        )
    return dataclasses.replace(harm, rule="table-rewrite")


def _build(work: Work, harm: Harm) -> Harm:
    after = work.after or work.before
    index = after.indexes[work.index or 0]
    for constraint in after.constraints.values():
        if constraint.index == work.index and constraint.kind in _BUILT:
            columns = after.names_of(constraint.columns)
            rule = _BUILT[constraint.kind]
            old = "primary key" if constraint.kind == "p" else None
            return dataclasses.replace(harm, rule=rule, columns=columns, name=constraint.name, old=old)
    unique = "unique" if index.unique else None
    columns = after.names_of(index.columns)
    return dataclasses.replace(harm, rule="index-build", columns=columns, name=index.name, old=unique)


def _rebuild(work: Work, harm: Harm) -> Harm:
    before, after = work.before, work.after or work.before
    retyped = _retyped(before, after)
    index = after.indexes[work.index or 0]
    return dataclasses.replace(
        harm, rule="index-rebuild", columns=after.names_of(retyped or index.columns), name=index.name
    )


def _scan(work: Work, harm: Harm) -> Iterator[Harm]:
    if work.statement.is_dml or work.after is None:
        yield _under_lock(harm, "scan-under-lock")
        return
    found = list(_checked(work.before, work.after, harm))
    if not found and not _ends_at_first_row(work.before, work.after):
        found = [_under_lock(harm, "scan-under-lock")]
    yield from found


def _ends_at_first_row(before: Relation, after: Relation) -> bool:
    """Whether no row could stand: a new column has to have a value, and nothing gives it one."""
    return any(
        column.not_null and column.default is None and not column.generated and not column.identity
        for number, column in after.columns.items()
        if number not in before.columns
    )


def _under_lock(harm: Harm, rule: str) -> Harm:
    """Name the locked table first, and the one that is worked on where that is another."""
    if harm.table in {lock.table for lock in harm.locks}:
        return dataclasses.replace(harm, rule=rule)
    return dataclasses.replace(harm, rule=rule, table=harm.locks[0].table, other_table=harm.table)


def _checked(before: Relation, after: Relation, harm: Harm) -> Iterator[Harm]:
    """What a scan was for, as the catalogue tells afterwards."""
    now_required = [
        number
        for number, column in after.columns.items()
        if column.not_null and number in before.columns and not before.columns[number].not_null
    ]
    if now_required:
        yield dataclasses.replace(harm, rule="not-null-scan", columns=after.names_of(now_required))
    named = {constraint.name: constraint for constraint in before.constraints.values()}
    for constraint in after.constraints.values():
        known = named.get(constraint.name)
        if constraint.kind not in _VALIDATED or not constraint.validated or (known and known.validated):
            continue
        if constraint.kind == "n" and now_required:
            continue
        other = next((lock.table for lock in harm.locks if lock.table != harm.table), None)
        yield dataclasses.replace(
            harm,
            rule=_VALIDATED[constraint.kind],
            columns=after.names_of(constraint.columns),
            name=constraint.name,
            other_table=other if constraint.kind == "f" else None,
            old="validate" if known and constraint.kind == "c" else None,
        )
    retyped = _retyped(before, after)
    if retyped:
        yield _retyping(harm, before, after, retyped)


def _retyped(before: Relation, after: Relation) -> list[int]:
    return [
        number
        for number, column in after.columns.items()
        if number in before.columns
        and (before.columns[number].type, before.columns[number].collation) != (column.type, column.collation)
    ]


def _retyping(harm: Harm, before: Relation, after: Relation, columns: list[int]) -> Harm:
    return dataclasses.replace(
        harm,
        rule="column-type-rewrite",
        columns=after.names_of(columns),
        old=before.columns[columns[0]].type,
        new=after.columns[columns[0]].type,
    )


def _written(statements: Iterable[Statement], scene: Scene) -> Iterator[Harm]:
    """Nearly all rows of an existing table: written in one transaction, or deleted in however many."""
    tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
    for statement in statements:
        for oid, touch in statement.touches.items():
            if touch.updated or touch.deleted or touch.gone:
                tallies[oid].add(statement, touch)
    for oid, tally in tallies.items():
        enough = scene.rows.get(oid, 0) * SHARE
        if not enough:
            continue
        harm = Harm(rule="bulk-write", operation=tally.operation, table=scene.existing[oid].name)
        if tally.most(oid, scene.changed) > enough:
            yield dataclasses.replace(harm, detail="DELETE" if tally.deleted > enough else "UPDATE")
        if tally.deleted > enough and scene.deployed.uses(scene.existing[oid].name):
            yield dataclasses.replace(harm, rule="data-deleted", detail="DELETE")


class _Tally:
    """What was written of one relation."""

    def __init__(self) -> None:
        self.operation: int | None = None  # the last one
        self.deleted = 0
        self._written: Counter[int] = Counter()  # by transaction

    def add(self, statement: Statement, touch: Touch) -> None:
        """Count what one statement did."""
        self.operation = statement.operation
        self.deleted += touch.deleted + touch.gone
        self._written[statement.transaction] += touch.updated + touch.deleted

    def most(self, oid: int, changed: Mapping[tuple[int, int], int]) -> int:
        """Return how many rows one transaction wrote at most."""
        return max(min(count, changed.get((number, oid), count)) for number, count in self._written.items())


def _named(harm: Harm, scene: Scene) -> Harm:
    owner = scene.deployed.owner(harm.table) or scene.names.owner(harm.table)
    if owner is None:
        return harm
    column = harm.columns[0] if len(harm.columns) == 1 else None
    newer = scene.names.owner(harm.table)
    field = column and (owner.fields.get(column) or (newer and newer.fields.get(column)))
    return dataclasses.replace(harm, app_label=owner.app_label, model=owner.model, field=field or None)


def _merged(harms: Iterable[Harm]) -> Iterator[Harm]:
    """Leave one harm of a rule for each table, column and name; the locks of the first stand for all."""
    seen: set[tuple[object, ...]] = set()
    for harm in harms:
        identity = (harm.rule, harm.table, harm.columns, harm.name, harm.operation)
        if identity not in seen:
            seen.add(identity)
            yield harm
