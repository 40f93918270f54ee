"""After the migration the new models do not fit the database.

What happens
------------
`SeparateDatabaseAndState`, `RunSQL(state_operations=…)`, fake operations or a wrong `db_table` tell the
models of a column or a table that the database does not have.

Why it matters
--------------
The new release fails on its first query for that model, and no test saw it if tests create their own
database.

The safe way
------------
Let the database operations do exactly what the state operations say.

When it is intended
-------------------
When something outside of Django's migrations makes the column or table before the new release starts.

References
----------
[SeparateDatabaseAndState](https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static.operations import position_naming
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.AlterField("book", "title", models.CharField(max_length=200)),
    ]
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[migrations.AddField("book", "state", models.IntegerField(null=True))]
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.CreateModel(
            "Shelf",
            [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())],
        )
    ]
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.RemoveField("book", "title")]
),
"""
    ),
)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.AddField("book", "state", models.IntegerField(null=True))],
    state_operations=[migrations.AddField("book", "state", models.IntegerField(null=True))],
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
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.AlterField(
            "book", "title", models.CharField(max_length=100, help_text="as printed")
        )
    ]
),
"""
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table or column that the new models have and the database lacks."""
    for model, facts in compatibility.missing(view):
        field = facts.name if facts is not None else None
        column = facts.column if facts is not None else None
        yield Harm(
            rule="models-and-schema-differ",
            operation=position_naming(view.operations, model.name, field),
            app_label=model.key[0],
            model=model.name,
            field=field,
            table=model.table,
            columns=(column,) if column else (),
            detail=f"{model.table} has no column {column}" if column else f"there is no table {model.table}",
        )

    for model, name, pair, column in compatibility.missing_pairs(view):
        yield Harm(
            rule="models-and-schema-differ",
            operation=position_naming(view.operations, model.name, name),
            app_label=model.key[0],
            model=model.name,
            field=name,
            table=pair.table,
            columns=(column,),
            detail=f"{pair.table} has no column {column}"
            if pair.table in view.after
            else f"there is no table {pair.table}",
        )
    for model, facts, type_ in compatibility.too_narrow(view):
        yield Harm(
            rule="models-and-schema-differ",
            operation=position_naming(view.operations, model.name, facts.name),
            app_label=model.key[0],
            model=model.name,
            field=facts.name,
            table=model.table,
            columns=(facts.column or "",),
            detail=f"{model.table}.{facts.column} is {type_}, and the models write {facts.type}",
        )


def word(harm: Harm) -> Words:
    """Say what fails. ``detail``: what differs, as a clause: "shop_book has no column isbn"."""
    model = harm.model or "a model"
    difference = harm.detail or (
        f"the database has no {words.columns(harm)}"
        if harm.columns
        else "the database does not fit the models"
    )
    return Words(
        message=f"The new code's queries for {model} fail after this migration: {difference}.",
        hint="Let the database operations do what the state operations tell the models.",
        safe_way=words.plan(
            "Compare state_operations with database_operations: each column and table must be in both.",
            "Run makemigrations --check, and sqlmigrate for this migration.",
        ),
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
