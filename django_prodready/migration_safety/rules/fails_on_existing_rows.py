"""A migration fails where there are rows that do not fit.

What happens
------------
A constraint, a NOT NULL or a type is asked of rows that were written without it. On an empty database the
migration passes.

Why it matters
--------------
It fails in production only, in the middle of a deployment.

The safe way
------------
Mend the rows first, in a migration of its own, and let the code write no more of them.

When it is intended
-------------------
When it is certain that no such row exists.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _backfill
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.AddField("book", "state", models.IntegerField())'),
    Example(
        operations="""
migrations.AddField(
    "book", "editor", models.ForeignKey("shop.Author", models.CASCADE, related_name="+")
),
"""
    ),
)
SAFE = (
    Example(operations='migrations.AddField("book", "state", models.IntegerField(db_default=0))'),
    Example(
        operations='migrations.AddField("shelf", "place", models.IntegerField())',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each NOT NULL column that the rows there are have no value for."""
    for act, effect in view.on_existing(e.AddColumn):
        if effect.fill is e.Fill.NOTHING:
            reason = "the new column is NOT NULL and has no default"
            nullable = text.bare(effect.origin.after, null=True) if effect.origin.after else None
            yield view.harm(
                "fails-on-existing-rows", act, columns=(effect.column.name,), detail=reason, new=nullable
            )


def word(harm: Harm) -> Words:
    """Say that it fails where there are rows. ``detail``: the reason, as a clause without row values.

    ``new``: the added field as Python, nullable, where a new column is what fails.
    """
    reason = f": {harm.detail}" if harm.detail else ""
    place = words.columns(harm) if harm.columns else words.table(harm)
    return Words(
        message=f"The migration fails where {place} has rows that do not fit, and stops the "
        f"deployment{reason}.",
        hint="Add the column nullable, or give it a default in the database with db_default."
        if harm.new
        else "Mend the existing rows in an earlier migration.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    if harm.new and harm.model and harm.field:
        return words.migration(
            f'migrations.AddField("{words.model(harm)}", "{harm.field}", {harm.new})',
            comment="Fill the rows afterwards, in batches. Then make the column NOT NULL, and build and "
            "check what else the field brings, in migrations of their own.",
        )
    return _backfill.batches(harm)


RULE = declare(category=Category.FAILS, word=word, infer=infer)
