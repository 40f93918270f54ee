"""A unique column is filled with one and the same value in every row.

What happens
------------
Django evaluates a callable `default`, such as `uuid.uuid4`, once for the whole `AddField`. Every existing
row gets that one value, and the unique index cannot be built.

Why it matters
--------------
It depends on rows: the migration passes on an empty database and fails in production from the second row
on.

The safe way
------------
Three steps: add the column nullable and not unique, fill it row by row, then make it unique.

When it is intended
-------------------
Never.

References
----------
[Migrations that add unique fields](https://docs.djangoproject.com/en/stable/howto/writing-migrations/#migrations-that-add-unique-fields)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        code="import uuid",
        operations="""
migrations.AddField("book", "key", models.UUIDField(default=uuid.uuid4, unique=True)),
""",
    ),
    Example(
        operations="""
migrations.AddField("book", "code", models.IntegerField(default=1)),
migrations.AlterField("book", "code", models.IntegerField(default=1, unique=True)),
"""
    ),
)
SAFE = (
    Example(
        code="import uuid",
        operations='migrations.AddField("book", "key", models.UUIDField(default=uuid.uuid4, null=True))',
    ),
    Example(
        code="import uuid",
        operations="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddField("shelf", "key", models.UUIDField(default=uuid.uuid4, unique=True)),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each unique column of a table in use whose rows were all given one value."""
    filled: dict[tuple[str, str], int] = {}  # by the operation that added the column
    for act in view.acts:
        effect = act.effect
        if isinstance(effect, e.AddColumn) and act.is_existing and effect.fill is e.Fill.CONSTANT:
            filled[effect.table, effect.column.name] = act.operation
        elif isinstance(effect, e.WriteRows | e.Opaque):
            filled.clear()
        elif (column := _made_unique(effect)) and (effect.table, column) in filled:
            field = effect.origin.after
            is_one = filled[effect.table, column] == act.operation  # else another one is to be written anew
            once = text.field(field, without=("unique", "default", "db_default"), null=True)
            once = once if is_one else None
            yield view.harm("same-value-for-every-row", act, columns=(column,), detail=once)


def _made_unique(effect: e.Effect) -> str | None:
    columns: tuple[str, ...] = ()
    if isinstance(effect, e.AddConstraint) and effect.constraint.kind in (Kind.UNIQUE, Kind.PRIMARY_KEY):
        columns = effect.constraint.columns
    if isinstance(effect, e.CreateIndex) and effect.index.is_unique and not effect.index.depends_on:
        columns = effect.index.columns
    return columns[0] if len(columns) == 1 else None


def word(harm: Harm) -> Words:
    """Say that it fails where there are rows. ``detail``: the field as Python, nullable and not unique."""
    return Words(
        message=f"The migration fails once {words.table(harm)} has two rows: all of them get the same "
        "value in "
        f"{words.columns(harm)}, which is unique.",
        hint="Add the column nullable and not unique, fill it row by row, and make it unique afterwards.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model, field = words.model(harm), harm.field
    rest = words.plan(
        "Migration 2, with atomic = False: fill the rows in batches, each with a value of its own.",
        "Migration 3, with atomic = False: CREATE UNIQUE INDEX CONCURRENTLY.",
        "Migration 4: ADD CONSTRAINT USING INDEX, and AlterField to the final form as a state operation.",
    )
    if not (model and field and harm.detail):
        return words.plan("Migration 1: add the column nullable and not unique.") + "\n" + rest
    first = words.migration(
        f'migrations.AddField("{model}", "{field}", {harm.detail})', comment="Migration 1."
    )
    return words.steps(first, rest)


RULE = declare(category=Category.FAILS, word=word, infer=infer)
