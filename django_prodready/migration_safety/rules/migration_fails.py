"""A migration fails, whatever is in the rows.

What happens
------------
An operation raises, or PostgreSQL refuses a statement: a name that exists already, a type that cannot be
cast, an extension that is not installed.

Why it matters
--------------
The deployment stops at this migration. Where the migration is not atomic, part of it has been done.

The safe way
------------
Mend the operation, and run all migrations on an empty database in CI.

When it is intended
-------------------
When the scratch database lacks something that the target has, such as an extension or a role.

References
----------
[migrate](https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import OVER_ROWS, Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.view import Act, View

UNSAFE = (
    Example(
        operations="""
migrations.AlterField("book", "stock", models.BigIntegerField(default=0)),
""",
        deployed="""
migrations.AddField(
    "book",
    "twice",
    models.GeneratedField(
        expression=models.F("stock") * 2, output_field=models.IntegerField(), db_persist=True
    ),
),
""",
    ),
    Example(operations='migrations.AlterField("tag", "books", models.IntegerField(null=True))'),
    Example(operations='migrations.RemoveField("book", "colour")'),
)
SAFE = (
    Example(
        operations='migrations.AlterField("book", "weight", models.BigIntegerField(null=True))',
        deployed="""
migrations.AddField(
    "book",
    "twice",
    models.GeneratedField(
        expression=models.F("stock") * 2, output_field=models.IntegerField(), db_persist=True
    ),
),
""",
    ),
    Example(
        operations="""
migrations.AlterField(
    "tag", "books", models.ManyToManyField("shop.Book", related_name="labels")
),
"""
    ),
    Example(operations='migrations.AlterModelOptions("book", {"ordering": ["title"]})'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each operation that Django refuses."""
    for act, failure in view.of_kind(e.Fails):
        yield view.harm("migration-fails", act, detail=failure.reason)
    yield from _in_the_wrong_mode(view)
    yield from _refused_by_partitions(view)
    yield from _there_already(view)
    for act in view.acts:
        for dependent in act.dependents[:1]:
            yield view.harm("migration-fails", act, columns=_columns(act), detail=dependent)


def _columns(act: Act) -> tuple[str, ...]:
    column = getattr(act.effect, "column", None)
    return (column,) if column else ()


def _in_the_wrong_mode(view: View) -> Iterator[Harm]:
    """Yield a harm for each statement that has to be, or must not be, in a transaction."""
    for act, statement in view.of_kind(r.Alone):
        if act.in_transaction:
            reason = f"{statement.statement} cannot run inside a transaction"
            yield view.harm("migration-fails", act, detail=reason)
    for act, _ in view.of_kind(r.TakeLock):
        if not act.in_transaction:
            yield view.harm("migration-fails", act, detail="LOCK TABLE needs a transaction")
    for act, needed in view.of_kind(r.Together):
        if not act.in_transaction:
            yield view.harm("migration-fails", act, detail=f"{needed.statement} needs a transaction")


def _there_already(view: View) -> Iterator[Harm]:
    """Yield a harm for each field that is added whose column the table has: models forgot it, and kept it.

    Nothing is yielded of SQL and of other code, which may ask first, nor where something was not read that
    may have dropped the column.
    """
    if not view.is_read or not view.is_past_read:
        return
    for act, effect in view.of_kind(e.AddColumn):
        name = effect.column.name
        if act.table is not None and name in act.table.columns and effect.origin.operation == "AddField":
            detail = f"the table {act.table.name} has a column {name} already"
            yield view.harm("migration-fails", act, columns=(name,), detail=detail)


def _refused_by_partitions(view: View) -> Iterator[Harm]:
    """Yield a harm for each statement that PostgreSQL refuses on a table that has partitions."""
    for act in view.acts:
        if act.table is not None and act.table.partitioned_by is not None:
            reason = _refusal(act.effect, act.table.partitioned_by)
            if reason:
                yield view.harm(
                    "migration-fails", act, detail=f"{reason} {act.table.name}, which has partitions"
                )


def _refusal(effect: e.Effect, key: tuple[str, ...]) -> str:
    if isinstance(effect, e.CreateIndex) and effect.is_concurrent:
        return "CREATE INDEX CONCURRENTLY is refused on"
    if isinstance(effect, e.DropIndex) and effect.is_concurrent:
        return "DROP INDEX CONCURRENTLY is refused on"
    if isinstance(effect, e.AddConstraint) and effect.using_index:
        return "ADD CONSTRAINT … USING INDEX is refused on"
    if isinstance(effect, e.AddConstraint) and effect.constraint.kind in (Kind.UNIQUE, Kind.PRIMARY_KEY):
        is_complete = set(key) <= set(effect.constraint.columns)
        return "" if is_complete else "a unique constraint has to name the columns of the partitions' key on"
    return ""


def word(harm: Harm) -> Words:
    """Say that it fails. ``detail``: the kind of error, without row values; ``old``: OVER_ROWS or None."""
    reason = f": {harm.detail}" if harm.detail else ""
    if harm.old == OVER_ROWS:
        return Words(
            message=f"The migration fails as soon as there are rows, and stops the deployment{reason}.",
            hint="Mend what it does with a row: on empty tables it runs.",
            safe_way=words.plan(
                "Run migrate on a copy of the target, or on a few rows, and mend what fails."
            ),
        )
    return Words(
        message=f"The migration fails and stops the deployment{reason}.",
        hint="Mend the operation so that it runs on an empty database as well as on the target.",
        safe_way=words.plan(
            "Run migrate on an empty database of the target's version, and mend what fails.",
        ),
    )


RULE = declare(category=Category.FAILS, word=word, infer=infer)
