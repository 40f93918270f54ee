"""A column of an existing table becomes NOT NULL, and every row is read for it while nobody can read.

What happens
------------
`SET NOT NULL` takes an ACCESS EXCLUSIVE lock and reads the whole table, unless a validated constraint
`CHECK (column IS NOT NULL)` has proven it already (PostgreSQL 12).

Why it matters
--------------
Every request that touches the table waits until all rows are read.

The safe way
------------
Prove it first: `AddConstraintNotValid`, then `ValidateConstraint` in a separate migration. The `AlterField`
after that needs no more than a moment, and the constraint can go.

When it is intended
-------------------
On a small table, or while the site is stopped.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.AlterField("book", "subtitle", models.CharField(max_length=100))'),
    Example(
        operations='migrations.AlterField("book", "subtitle", models.CharField(max_length=100))',
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="known")
),
""",
    ),
    Example(
        operations="""
migrations.AlterField("book", "subtitle", models.CharField(max_length=100, default="")),
""",
        deployed="""
migrations.AddConstraint(
    "book", models.CheckConstraint(condition=models.Q(subtitle__gt=""), name="known")
),
""",
    ),
)
SAFE = (
    Example(
        operations='migrations.AlterField("book", "subtitle", models.CharField(max_length=100))',
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="known")
),
postgres.ValidateConstraint("book", name="known"),
""",
    ),
    Example(
        operations="""
migrations.AlterField("book", "subtitle", models.CharField(max_length=100)),
migrations.RemoveConstraint("book", "known"),
""",
        deployed="""
migrations.AddConstraint(
    "book",
    models.CheckConstraint(
        condition=models.Q(subtitle__isnull=False, stock__gte=0), name="known"
    ),
),
""",
    ),
    Example(operations='migrations.AlterField("book", "title", models.CharField(max_length=100, null=True))'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column of a table in use that is not proven to be without NULL."""
    for act, effect in view.on_awaited(e.SetNotNull):
        column = act.table.columns.get(effect.column) if act.table is not None else None
        if column is not None and not column.is_nullable:
            continue
        if act.table is None or not act.table.proves_not_null(effect.column):
            altered = text.python(effect.origin.after)
            fills = altered is not None and effect.origin.after.has_default()
            yield view.harm(
                "not-null-scan",
                act,
                columns=(effect.column,),
                detail=altered,
                old="filled" if fills else None,
            )


def word(harm: Harm) -> Words:
    """Say that all wait. ``detail``: the field as Python; ``old``: "filled" where Django looks for NULL."""
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while every row is read: SET NOT "
        "NULL on "
        f"{words.columns(harm)} holds {words.held(harm, words.ACCESS_EXCLUSIVE)} until it knows that no "
        "value is NULL.",
        hint="Prove it before with a CHECK constraint that is added as NOT VALID and validated in a later "
        "migration.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model, field = words.model(harm), harm.field
    name = words.constraint_name(Harm(rule="", table=harm.table, columns=harm.columns), "not_null")
    if not model or not field:
        return _in_sql(harm, words.quoted(name))
    check = f'models.CheckConstraint(condition=models.Q({field}__isnull=False), name="{name}")'
    altered = f'migrations.AlterField("{model}", "{field}", {harm.detail or "..."})'
    if harm.old == "filled":  # Django would read the table for what there is none of any more
        altered = words.separate(words.run_sql(_set_not_null(harm)), altered)
    return words.steps(
        words.migration(
            f'AddConstraintNotValid("{model}", {check})',
            comment="Migration 1, once the code writes no NULL any more. Then fill the rows that are "
            "NULL, in batches.",
        ),
        words.migration(f'ValidateConstraint("{model}", name="{name}")', comment="Migration 2."),
        words.migration(
            altered,
            f'migrations.RemoveConstraint("{model}", name="{name}")',
            comment="Migration 3.",
        ),
    )


def _set_not_null(harm: Harm) -> str:
    return f"ALTER TABLE {words.quoted(harm.table)} ALTER COLUMN {words.listed(harm)} SET NOT NULL"


def _in_sql(harm: Harm, name: str) -> str:
    table, column = words.quoted(harm.table), words.listed(harm)
    return words.steps(
        words.migration(
            words.run_sql(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID", ""
            ),
            comment="Migration 1.",
        ),
        words.migration(
            words.run_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", ""), comment="Migration 2."
        ),
        words.migration(
            words.run_sql(_set_not_null(harm)),
            words.run_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}", ""),
            comment="Migration 3.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
