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
from django_prodready.migration_safety.rules._not_null import constraint_name, proven_before, set_not_null
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
    Example(
        operations="""
migrations.AlterField(
    "book", "editor", models.ForeignKey("shop.Author", models.CASCADE, related_name="+")
),
""",
        deployed="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey("shop.Author", models.CASCADE, null=True, related_name="+"),
),
""",
    ),
)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[
        migrations.RunSQL("ALTER TABLE shop_book ALTER COLUMN editor_id SET NOT NULL", "")
    ],
    state_operations=[
        migrations.AlterField(
            "book", "editor", models.ForeignKey("shop.Author", models.CASCADE, related_name="+")
        )
    ],
),
migrations.RemoveConstraint("book", "known"),
""",
        deployed="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey("shop.Author", models.CASCADE, null=True, related_name="+"),
),
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(editor__isnull=False), name="known")
),
postgres.ValidateConstraint("book", name="known"),
""",
    ),
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
            field = effect.origin.after
            altered = text.python(field)
            # Django would read the table for NULLs to fill, or drop the foreign key and validate it again.
            does_more = altered is not None and (field.has_default() or field.is_relation)
            yield view.harm(
                "not-null-scan",
                act,
                columns=(effect.column,),
                detail=altered,
                old="in SQL" if does_more else None,
            )


def word(harm: Harm) -> Words:
    """Say that all wait.

    ``detail``: the field as Python; ``old``: "in SQL" where Django does more for it than is needed.
    """
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
    if not model or not field:
        return _in_sql(harm, words.quoted(constraint_name(harm)))
    altered = f'migrations.AlterField("{model}", "{field}", {harm.detail or "..."})'
    if harm.old == "in SQL":
        altered = words.separate(words.run_sql(set_not_null(harm)), altered)
    return proven_before(harm, altered)


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
            words.run_sql(set_not_null(harm)),
            words.run_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}", ""),
            comment="Migration 3.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
