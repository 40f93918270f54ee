"""A column is NOT NULL and has no default in the database, so an INSERT that does not name it fails.

What happens
------------
Django's `default=` is applied in Python. `AddField` uses it to fill the existing rows, then drops it from
the column. The deployed release does not know the new column, does not name it, and its INSERT is refused.
The same holds for a column that becomes NOT NULL while the deployed release writes NULL into it, for a
`db_default` that is taken away, and for a NOT NULL column that only the models forget.

Why it matters
--------------
Between the migration and the end of the last old process, no row can be added.

The safe way
------------
`db_default`: the column keeps its default, and an INSERT that does not name it gets it.

When it is intended
-------------------
When nothing of the old release inserts into the table, or the old release is stopped before the migration.

References
----------
[db_default](https://docs.djangoproject.com/en/stable/ref/models/fields/#db-default)
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.migrations import AddField, AlterField
from django.db.models import NOT_PROVIDED

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.rules._defaults import database_default
from django_prodready.migration_safety.rules._field_way import way_of
from django_prodready.migration_safety.static import compatibility, text
from django_prodready.migration_safety.static.compatibility import Insert
from django_prodready.migration_safety.static.effects import AddConstraint, CreateIndex
from django_prodready.migration_safety.static.operations import position_naming
from django_prodready.migration_safety.static.view import Act, View

_DROP_LATER = "Drop the db_default in a later release, if it is not wanted."
_FILL_LATER = (
    "In a later release, when all code that serves writes a value, fill the rows in batches and make the "
    "column NOT NULL."
)

UNSAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[migrations.AlterField("book", "title", models.TextField(null=True))]
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[migrations.AlterField("book", "stock", models.IntegerField(db_default=0))]
),
"""
    ),
    Example(
        operations="""
migrations.AddField("book", "state", models.CharField(max_length=10, default="new")),
"""
    ),
    Example(operations='migrations.AddField("book", "state", models.CharField(max_length=10, blank=True))'),
    Example(
        operations="""
migrations.AddField("book", "state", models.IntegerField(default=1), preserve_default=False),
"""
    ),
    Example(operations='migrations.AlterField("book", "rank", models.IntegerField())'),
    Example(operations='migrations.AlterField("book", "weight", models.IntegerField())'),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "title")]),
"""
    ),
    Example(operations='migrations.AlterOrderWithRespectTo("book", "author")'),
)
SAFE = (
    Example(
        operations='migrations.AlterField("book", "weight", models.IntegerField())',
        deployed="""
postgres.AddConstraintNotValid(
    "book",
    models.CheckConstraint(condition=models.Q(weight__isnull=False), name="known"),
),
""",
    ),
    Example(
        operations="""
migrations.AddField(
    "book", "state", models.CharField(max_length=10, default="new", db_default="new")
),
"""
    ),
    Example(operations='migrations.AddField("book", "state", models.CharField(max_length=10, null=True))'),
    Example(
        operations='migrations.AlterField("book", "rank", models.IntegerField(default=0))',
        deployed='migrations.AlterField("book", "rank", models.IntegerField(default=0, db_default=0))',
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "rank")]),
"""
    ),
    Example(
        operations="""
migrations.AddField("book", "state", models.IntegerField(default=0)),
migrations.AlterField("book", "state", models.IntegerField(db_default=0)),
"""
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
        operations='migrations.AddField("shelf", "place", models.IntegerField(default=0))',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column that refuses an INSERT of the deployed release, or of the new code."""
    for insert, act in compatibility.refused_by_deployed(view):
        origin = act.effect.origin
        yield view.harm(
            "not-null-without-default",
            act,
            model=insert.model.name,
            columns=(insert.column.name,),
            old="null" if insert.writes_null else None,
            new=origin.operation or None,
            way=None if insert.writes_null else _way(view, act),
        )
    for insert in compatibility.refused_by_new(view):
        yield _of_new_code(view, insert)


def _of_new_code(view: View, insert: Insert) -> Harm:
    old = view.old.get(insert.model.key)
    known = insert.field or (old.columns.get(insert.column.name) if old is not None else None)
    field = known.name if known is not None else None
    return Harm(
        rule="not-null-without-default",
        operation=position_naming(view.operations, insert.model.name, field),
        app_label=insert.model.key[0],
        model=insert.model.name,
        field=field,
        table=insert.model.table,
        columns=(insert.column.name,),
        old="new code",
        new=None if insert.field is None else "null" if insert.writes_null else "default",
        detail=_literal(insert.field.field) if insert.field is not None else None,
    )


def _literal(field: Any) -> str | None:
    """Write the default that the models expect the database to have as SQL, if it is a plain value."""
    value = getattr(field.db_default, "value", field.db_default)  # Django wraps it once the field is checked
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value) if isinstance(value, int | float | Decimal) else None


def _way(view: View, act: Act) -> str | None:
    """Write the operation with a default in the database, or with a column that is nullable for now."""
    operation: Any = view.operations[act.operation]
    kind = type(operation).__name__
    if type(operation) not in (AddField, AlterField):
        return None
    field = operation.field
    without = () if operation.preserve_default else ("default",)
    default = database_default(field, act.effect.origin.before)
    if kind == "AddField" and _brings_more(view, act.operation):
        bare = text.bare(field, null=True, default=NOT_PROVIDED)
        return way_of(view, act.operation) or _written(operation, _FILL_LATER, (kind, bare))
    if default is not NOT_PROVIDED:
        written = text.field(field, without=without, db_default=default)
        return _written(operation, _DROP_LATER, (kind, written))
    if kind == "AlterField":
        return None
    nullable = text.field(field, without=("default",), null=True)
    told = [("AlterField", text.field(field, null=True))] if field.has_default() and not without else []
    return _written(operation, _FILL_LATER, (kind, nullable), *told)


def _brings_more(view: View, number: int) -> bool:
    """Whether something is built or checked for a new column."""
    effects = (act.effect for act in view.acts if act.operation == number)
    return any(isinstance(effect, AddConstraint | CreateIndex) for effect in effects)


def _written(operation: Any, comment: str, *fields: tuple[str, str | None]) -> str | None:
    """Write operations on the field, each with its definition; None where one cannot be written."""
    if any(written is None for _, written in fields):
        return None
    named = f'"{operation.model_name}", "{operation.name}"'
    return words.migration(
        *(f"migrations.{kind}({named}, {written})" for kind, written in fields), comment=comment
    )


def word(harm: Harm) -> Words:
    """Say what fails. ``old``: "null" where the deployed release writes it; "new code" where that fails.

    ``new``: the operation, "AddField" or "AlterField"; of new code, "null" or "default" where its models know
    the column and write NULL or leave the value to the database, whose default ``detail`` then is, as SQL.
    """
    who = "The new code" if harm.old == "new code" else "The deployed release"
    writes_null = harm.old == "null" or (harm.old == "new code" and harm.new == "null")
    verb = "leaves out" if harm.new == "default" else "does not name"
    refusal = "may write NULL into" if writes_null else verb
    reason = "is NOT NULL" if writes_null else "is NOT NULL and has no default in the database"
    return Words(
        message=f"{who} cannot add rows to {words.table(harm)} from now on: its INSERT {refusal} "
        f"{words.columns(harm)}, which {reason}.",
        hint=_hint(harm),
        safe_way=_safe_way(harm),
    )


def _hint(harm: Harm) -> str:
    if harm.old == "null":
        return "Let a release that writes no NULL be deployed before the column becomes NOT NULL."
    if harm.old == "new code":
        return "Change the column as the models say: nullable, or with a default in the database."
    return "Give the column a default in the database with db_default."


def _safe_way(harm: Harm) -> str:
    if harm.old == "null":
        return words.plan(
            f"This release: the code writes a value into {words.columns(harm)} always; the column stays "
            "nullable.",
            "The next release: fill the rows that are NULL in batches, and prove it with a validated "
            "CHECK constraint.",
            "Then AlterField to null=False.",
        )
    is_forgotten = harm.old == "new code" and harm.new != "default"
    change = "DROP NOT NULL" if is_forgotten else f"SET DEFAULT {harm.detail or '...'}"
    column = f"ALTER TABLE {words.quoted(harm.table)} ALTER COLUMN {words.listed(harm)} {change}"
    model, field = words.model(harm), harm.field
    if not (model and field) or (harm.old == "new code" and harm.new):
        return words.migration(words.run_sql(column, ""))
    if harm.old == "new code":
        forget = f'migrations.RemoveField("{model}", "{field}")'
        return words.migration(words.separate(words.run_sql(column, ""), forget))
    return words.plan(
        f"Give {words.columns(harm)} a default in the database, with db_default, or make it nullable.",
        "Drop it in a later release, once all code that serves writes a value.",
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
