"""A column gets another name while the deployed release uses the old one.

What happens
------------
The deployed release names the column in every SELECT and INSERT. `RenameField` renames the column too,
unless the field has a `db_column`.

Why it matters
--------------
There is no moment at which both releases work: before the migration the new code fails, after it the old.

The safe way
------------
Rename the field and keep the column: `db_column` with the old name. Or a new column, written along by the
code, filled in batches, and read in a later release.

When it is intended
-------------------
When the site is stopped for the migration.

References
----------
[RenameField](https://docs.djangoproject.com/en/stable/ref/migration-operations/#renamefield),
[db_column](https://docs.djangoproject.com/en/stable/ref/models/fields/#db-column)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility, text
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.RenameField("book", "title", "name")'),
    Example(
        operations="""
migrations.AlterField("book", "title", models.CharField(max_length=100, db_column="name")),
"""
    ),
)
SAFE = (
    Example(
        operations="""
migrations.AlterField("book", "title", models.CharField(max_length=100, db_column="title")),
migrations.RenameField("book", "title", "name"),
"""
    ),
    Example(
        operations='migrations.RenameField("shelf", "number", "position")',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column that the deployed release uses and the migration renames."""
    for use, column, act in compatibility.lost_columns(view):
        if isinstance(act.effect, e.RenameColumn):
            origin = act.effect.origin
            kept = text.field(origin.before, db_column=column) if origin.new_name and origin.before else None
            harm = view.harm(
                "column-renamed",
                act,
                model=use.model.name,
                field=use.columns[column],
                columns=(column,),
                old=column,
                new=act.effect.new,
            )
            way = _field_alone(harm, kept, origin.new_name) if kept and origin.new_name else None
            yield dataclasses.replace(harm, way=way)


def word(harm: Harm) -> Words:
    """Say what fails. ``old``, ``new``: the names of the column."""
    model = harm.model or f"the model of {words.table(harm)}"
    old = f"the column {harm.old}" if harm.old else "a column"
    new = f" to {harm.new}" if harm.new else ""
    return Words(
        message=f"Every query of the deployed release for {model} fails from now on: {old} of "
        f"{words.table(harm)} is renamed{new}.",
        hint="Keep the name of the column with db_column, and rename the field only.",
        safe_way=words.plan(
            "Keep the name of the column. In the models, rename the field and name the column with "
            "db_column.",
        ),
    )


def _field_alone(harm: Harm, kept: str, new_name: str) -> str:
    """Write the way for a field that is renamed. ``kept``: the field as Python, with ``db_column``."""
    model = words.model(harm)
    return words.migration(
        f'migrations.AlterField("{model}", "{harm.field}", {kept})',
        f'migrations.RenameField("{model}", "{harm.field}", "{new_name}")',
        comment="In the models, rename the field and name its column by db_column. The column stays, and no "
        "SQL is run.",
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
