"""A column no longer takes every value that the deployed release may write.

What happens
------------
A shorter `max_length`, a smaller integer, fewer digits, another type, or a value taken out of an
enumeration: the models of the deployed release still accept the value, and the database refuses it.

Why it matters
--------------
Requests of the old release fail, depending on what users enter, and existing rows may stop the migration.

The safe way
------------
Two releases: the first validates the narrower form in the code, the second changes the column.

When it is intended
-------------------
When no value of the old kind is written any more, which the migration cannot know.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import ModelFacts
from django_prodready.migration_safety.static.type_changes import is_of_type, narrows
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.AlterField("book", "title", models.CharField(max_length=50))'),
    Example(operations='migrations.AlterField("book", "stock", models.SmallIntegerField(default=0))'),
    Example(
        operations="""
migrations.AlterField("book", "price", models.DecimalField(max_digits=6, decimal_places=2)),
"""
    ),
)
SAFE = (
    Example(operations='migrations.AlterField("book", "title", models.CharField(max_length=150))'),
    Example(operations='migrations.AlterField("book", "title", models.TextField())'),
    Example(
        operations="""
migrations.AlterField("book", "price", models.DecimalField(max_digits=12, decimal_places=2)),
"""
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column whose new type refuses what the deployed release may write."""
    for act, effect in view.on_used(e.AlterType):
        before = view.before.get(effect.table)
        column = before.columns.get(effect.column) if before is not None else None
        if column is None or column.type == effect.type:
            continue
        for model in view.deployed_on(effect.table):
            facts = model.columns.get(effect.column)
            if facts is not None and narrows(facts.type, effect.type):
                yield view.harm(
                    "column-narrowed",
                    act,
                    model=model.name,
                    field=facts.name,
                    columns=(effect.column,),
                    old=facts.type,
                    new=effect.type,
                )
    for use, facts, column, act in compatibility.replaced(view):
        if column.is_generated or narrows(facts.type, column.type):
            yield view.harm(
                "column-narrowed",
                act,
                model=use.model.name,
                field=facts.name,
                columns=(column.name,),
                old=facts.type,
                new=column.type,
            )
    yield from _renamed_values(view)


def _renamed_values(view: View) -> Iterator[Harm]:
    """Yield a harm for each column whose enumeration gives a value another name."""
    for act, renamed in view.of_kind(r.RenameValue):
        stored = [model for model in view.deployed.values() if model.is_stored]
        for model, facts in ((one, facts) for one in stored for facts in one.columns.values()):
            if _has_type(view, model, facts, renamed.name) and _may_write(facts, renamed.value):
                names = {"model": model.name, "field": facts.name, "table": model.table}
                yield view.harm("column-narrowed", act, columns=(facts.column or "",), **names)


def _has_type(view: View, model: ModelFacts, facts: FieldFacts, name: str) -> bool:
    """Whether a column is of a type, by the models, or by the database before or after."""
    tables = (catalogue.get(model.table) for catalogue in (view.before, view.after))
    columns = (table.columns.get(facts.column or "") for table in tables if table is not None)
    types = (facts.type, *(column.type for column in columns if column is not None))
    return any(is_of_type(type_, name) for type_ in types if type_ is not None)


def _may_write(facts: FieldFacts, value: str) -> bool:
    """Whether the models know a value: they do where they have no choices."""
    choices = {str(key) for key, _ in facts.field.flatchoices or ()}
    return not choices or value in choices


def word(harm: Harm) -> Words:
    """Say what is refused. ``old``, ``new``: the types, or the values."""
    change = f" from {harm.old} to {harm.new}" if harm.old and harm.new else ""
    return Words(
        message=f"Writes of the deployed release to {words.columns(harm)} may be refused from now on: the "
        "column is "
        f"narrowed{change}, and the release still accepts what no longer fits.",
        hint="Let a release be deployed that validates the narrower form, and change the column in the "
        "next one.",
        safe_way=words.plan(
            f"This release: validate {harm.field or 'the value'} in forms, serializers and wherever it is "
            "written.",
            "Look for rows that do not fit, and mend them in batches.",
            f"The next release: a new column of type {harm.new or 'as wanted'}, filled in batches, that "
            "takes the "
            "old one's place; or a CHECK constraint, added as NOT VALID and validated afterwards.",
        ),
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
