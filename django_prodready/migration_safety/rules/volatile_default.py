"""A column is added whose default differs from row to row, so the whole table is written anew.

What happens
------------
`ADD COLUMN` with a constant default, or one such as `now()` that is the same for the whole statement, costs
nothing. With a volatile default (`gen_random_uuid()`, `random()`, `clock_timestamp()`, a sequence, an
identity column), PostgreSQL computes a value for each row and writes the table again under an ACCESS
EXCLUSIVE lock.

Why it matters
--------------
Every request that touches the table waits for as long as it takes to copy it.

The safe way
------------
Add the column nullable and without default; set the default with `AlterField`, which holds for new rows
only; fill the old rows in batches; then make it NOT NULL by way of a validated CHECK constraint.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES),
[volatility](https://www.postgresql.org/docs/current/xfunc-volatility.html)
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
    Example(
        code="from django.contrib.postgres.functions import RandomUUID",
        operations='migrations.AddField("book", "key", models.UUIDField(db_default=RandomUUID()))',
    ),
    Example(
        code="from django.db.models.functions import Random",
        operations="""
migrations.AddField("book", "luck", models.FloatField(null=True, db_default=Random())),
""",
    ),
)
SAFE = (
    Example(
        code="from django.db.models.functions import Now",
        operations='migrations.AddField("book", "added", models.DateTimeField(db_default=Now()))',
    ),
    Example(
        operations="""
migrations.AddField("book", "state", models.CharField(max_length=10, db_default="new")),
"""
    ),
    Example(
        code="from django.contrib.postgres.functions import RandomUUID",
        operations="""
migrations.AlterField("book", "weight", models.IntegerField(null=True, db_default=1)),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each new column of a table in use whose value is computed row by row."""
    for act, effect in view.on_awaited(e.AddColumn):
        if effect.fill is e.Fill.VOLATILE:
            field = effect.origin.after
            yield view.harm(
                "volatile-default",
                act,
                columns=(effect.column.name,),
                new=effect.default or None,
                old=text.field(field, without=("db_default", "default"), null=True) if field else None,
                detail=text.field(field, null=True) if field else None,
                rewrite=True,
            )


def word(harm: Harm) -> Words:
    """Say that all wait. ``new``: the default; ``old``: the field as Python, nullable and without default.

    ``detail``: the field as Python, nullable and with the default.
    """
    default = f" (its default is {harm.new})" if harm.new else ""
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while the table is written anew: ADD "
        "COLUMN "
        f"{words.columns(harm)} computes a value for each row{default} and holds "
        f"{words.held(harm, words.ACCESS_EXCLUSIVE)} until that is done.",
        hint="Add the column nullable, set the default afterwards, and fill the rows in batches.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model, field = words.model(harm), harm.field
    if not (model and field and harm.detail and harm.old):
        return words.plan(
            "Add the column nullable, without default.",
            "Set the default with ALTER COLUMN SET DEFAULT: it holds for new rows only.",
            "Fill the old rows in batches, in a migration with atomic = False.",
            "Add CHECK (column IS NOT NULL) NOT VALID, validate it in a separate migration, then SET NOT "
            "NULL.",
        )
    return words.steps(
        words.migration(f'migrations.AddField("{model}", "{field}", {harm.old})', comment="Migration 1."),
        words.migration(
            f'migrations.AlterField("{model}", "{field}", {harm.detail})',
            comment="Migration 2: the default holds for new rows. Then fill the old rows in batches.",
        ),
        words.plan(
            "Prove that no value is NULL: AddConstraintNotValid, then ValidateConstraint in a separate "
            "migration.",
            f"AlterField {field} to its final form, and remove the constraint.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
