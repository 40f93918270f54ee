"""A column is dropped that the deployed release still uses.

What happens
------------
Django names every column of a model in its SELECT and INSERT. From the moment the column is gone until the
last process of the old release has stopped, each of these fails.

Why it matters
--------------
During a rolling deployment both releases serve. Every page that touches the model is an error 500 in the
old one.

The safe way
------------
Two releases. In the first the models forget the field (`SeparateDatabaseAndState` with `RemoveField` as a
state operation) and the column becomes nullable or gets a database default, so that an INSERT may leave it
out. In the second, `DROP COLUMN`.

When it is intended
-------------------
When the old release is stopped before the migration runs: run it in the contract phase.

References
----------
[SeparateDatabaseAndState](https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _two_releases
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.RemoveField("book", "title")'),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.RemoveField("book", "weight")]
),
migrations.RemoveField("book", "stock"),
"""
    ),
)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[
        migrations.AlterField("book", "title", models.CharField(max_length=100, null=True))
    ],
    state_operations=[migrations.RemoveField("book", "title")],
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[migrations.RemoveField("book", "weight")]
),
"""
    ),
    Example(
        operations='migrations.RemoveField("shelf", "number")',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column that the deployed release uses and the migration drops."""
    for use, column, act in compatibility.lost_columns(view):
        if not isinstance(act.effect, e.RenameColumn):
            yield view.harm(
                "column-removed", act, model=use.model.name, field=use.columns[column], columns=(column,)
            )


def word(harm: Harm) -> Words:
    """Say what fails. ``detail``: the field as Python, nullable."""
    model = harm.model or f"the model of {words.table(harm)}"
    return Words(
        message=f"Every query of the deployed release for {model} fails from now on: it names "
        f"{words.columns(harm)}, which is dropped.",
        hint="Take the field out of the models in this release, and drop the column in the next one.",
        safe_way=_two_releases.dropped(harm),
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
