"""A stored generated column is added to an existing table, which is written anew for it.

What happens
------------
`ADD COLUMN … GENERATED ALWAYS AS (…) STORED` computes the value of every row and writes the table again
under an ACCESS EXCLUSIVE lock. A virtual one (PostgreSQL 18, `db_persist=False`) costs nothing.

Why it matters
--------------
Every request that touches the table waits for as long as it takes to copy it.

The safe way
------------
On PostgreSQL 18: `GeneratedField(…, db_persist=False)`. Before: an ordinary column that the code or a
trigger fills, and a backfill in batches.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[Generated columns](https://www.postgresql.org/docs/current/ddl-generated-columns.html),
[GeneratedField](https://docs.djangoproject.com/en/stable/ref/models/fields/#generatedfield)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.AddField(
    "book",
    "worth",
    models.GeneratedField(
        expression=models.F("stock") * 2, output_field=models.IntegerField(), db_persist=True
    ),
),
"""
    ),
)
SAFE = (
    Example(
        operations="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddField(
    "shelf",
    "twice",
    models.GeneratedField(
        expression=models.F("number") * 2, output_field=models.IntegerField(), db_persist=True
    ),
),
"""
    ),
    Example(operations='migrations.AddField("book", "worth", models.IntegerField(null=True))'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each stored generated column that a table in use gets."""
    for act, effect in view.on_awaited(e.AddColumn):
        if effect.fill is e.Fill.STORED:
            yield view.harm("stored-generated-column", act, columns=(effect.column.name,), rewrite=True)


def word(harm: Harm) -> Words:
    """Say that all wait."""
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while the table is written anew: "
        "adding the stored "
        f"generated column {words.columns(harm)} holds {words.held(harm, words.ACCESS_EXCLUSIVE)} until "
        "the value "
        "of every row is computed.",
        hint="Make the column virtual (PostgreSQL 18), or an ordinary one that is filled in batches.",
        safe_way=words.plan(
            f"Add {harm.field or 'the column'} as an ordinary nullable field.",
            "Fill it for new rows with a trigger, or in save() and wherever rows are written.",
            "Fill the old rows in batches, in a RunPython of a migration with atomic = False.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
