"""A table gets another name while the deployed release uses the old one.

What happens
------------
`RenameModel`, `AlterModelTable` and a many-to-many field whose model or name changes rename tables. The
deployed release asks for the old name.

Why it matters
--------------
There is no moment at which both releases work: before the migration the new code fails, after it the old.

The safe way
------------
Rename the model and keep the table: `db_table` with the old name, told to the models only.

When it is intended
-------------------
When the site is stopped for the migration, or a view with the old name takes the queries meanwhile.

References
----------
[RenameModel](https://docs.djangoproject.com/en/stable/ref/migration-operations/#renamemodel),
[db_table](https://docs.djangoproject.com/en/stable/ref/models/options/#db-table)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.RenameModel("Tag", "Label")'),
    Example(operations='migrations.AlterModelTable("tag", "labels")'),
    Example(operations='migrations.RenameField("tag", "books", "titles")'),
)
SAFE = (
    Example(
        deployed='migrations.AlterModelTable("tag", "tags")',
        operations='migrations.AlterModelTable("tag", "tags")',
    ),
    Example(operations='migrations.AlterModelTable("tag", "shop_tag")'),
    Example(
        operations='migrations.RenameModel("Shelf", "Rack")',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table that the deployed release uses and the migration renames."""
    for use, act in compatibility.lost_tables(view):
        if isinstance(act.effect, e.RenameTable):
            yield view.harm(
                "table-renamed",
                act,
                model=use.model.name,
                field=use.pair,
                table=use.table,
                old=use.table,
                new=act.effect.new,
                detail=act.effect.origin.new_name,
                way=_with_pairs(view, use),
            )


def _with_pairs(view: View, use: compatibility.Use) -> str | None:
    """Say what goes before, where a column of a many-to-many field's table has the name of the model."""
    ends = (
        (pair.table, end)
        for model in view.deployed.values()
        for pair in model.pairs.values()
        for end in (pair.near, pair.far)
    )
    tables = [table for table, end in ends if end.relation and end.relation.model == use.model.key]
    if not tables or use.pair is not None:
        return None
    return words.plan(
        f"This release: make a model of {tables[0]}, by the field's through=, with db_table and db_column as "
        "they are; in the database nothing changes.",
        f"Then rename the model and keep the name of the table: Meta.db_table = {use.table!r}.",
    )


def word(harm: Harm) -> Words:
    """Say what fails. ``old``, ``new``: the names of the table; ``detail``: the new model's name."""
    old = harm.old or words.table(harm)
    new = f" to {harm.new}" if harm.new else ""
    model = harm.model or "its model"
    return Words(
        message=f"Every query of the deployed release for {model} fails from now on: {old} is renamed{new}.",
        hint="Keep the name of the table with db_table, and rename the model only.",
        safe_way=_safe_way(harm, old),
    )


def _safe_way(harm: Harm, old: str) -> str:
    if not harm.model or harm.field:
        return words.plan("Keep the name of the table: name it in the models with db_table.")
    operations = [f'migrations.AlterModelTable("{harm.detail or harm.model}", "{old}")']
    if harm.detail:
        operations.insert(0, f'migrations.RenameModel("{harm.model}", "{harm.detail}")')
    state = ", ".join(operations)
    return words.migration(
        f"migrations.SeparateDatabaseAndState(state_operations=[{state}])",
        comment=f"Give the model Meta.db_table = {old!r}. No SQL is run. Many-to-many fields of the model "
        "keep their "
        "tables only if db_table names them too.",
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
