"""A column changes its type, and the table is written anew or read as a whole while nobody can use it.

What happens
------------
`ALTER COLUMN … TYPE` takes an ACCESS EXCLUSIVE lock. Unless PostgreSQL knows that every old value is a
valid new one in the same form, it writes the whole table and all its indexes again: `integer` to `bigint`,
a shorter `varchar`, another scale of `numeric`, `text` to `varchar(n)`. A CHECK constraint on the column is
verified again for every row, even when only the comment of the column changes, because Django's
`db_comment` sends the type along. A longer `varchar`, `varchar` to `text` and a higher precision of
`numeric` at the same scale cost nothing.

Why it matters
--------------
Every request that touches the table waits for as long as it takes to copy it.

The safe way
------------
A new column: add it nullable, write both from the code, fill it in batches, then read from it and drop the
old one in a later release.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)
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
from django_prodready.migration_safety.static.type_changes import Work, work_for
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.AlterField("book", "stock", models.BigIntegerField(default=0))'),
    Example(operations='migrations.AlterField("book", "title", models.CharField(max_length=50))'),
    Example(
        operations="""
migrations.AlterField("book", "price", models.DecimalField(max_digits=10, decimal_places=3)),
"""
    ),
    Example(operations='migrations.AlterField("tag", "id", models.BigAutoField(primary_key=True))'),
    Example(
        operations="""
migrations.AlterField(
    "book", "pages", models.PositiveIntegerField(null=True, db_comment="without the cover")
),
"""
    ),
    Example(
        operations='migrations.AlterField("book", "title", models.CharField(max_length=200))',
        deployed="""
migrations.AddConstraint(
    "book", models.CheckConstraint(condition=models.Q(title__gt=""), name="titled")
),
""",
    ),
)
SAFE = (
    Example(operations='migrations.AlterField("book", "title", models.CharField(max_length=200))'),
    Example(operations='migrations.AlterField("book", "title", models.TextField())'),
    Example(
        operations="""
migrations.AlterField("book", "price", models.DecimalField(max_digits=10, decimal_places=2)),
"""
    ),
    Example(
        operations="""
migrations.AlterField(
    "book", "title", models.CharField(max_length=100, db_comment="as printed")
),
"""
    ),
    Example(
        operations="""
migrations.AlterField(
    "book",
    "title",
    models.CharField(max_length=100, choices=[("a", "A")], help_text="as printed"),
),
"""
    ),
    Example(
        operations='migrations.AlterField("shelf", "number", models.BigIntegerField())',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each change of type that writes a table in use anew, or checks all its rows."""
    for act, effect in view.on_awaited(e.AlterType):
        column = act.table.columns.get(effect.column) if act.table is not None else None
        if act.table is None or column is None:
            continue
        pieces = {
            "columns": (effect.column,),
            "old": column.type,
            "new": effect.type,
            "detail": text.python(effect.origin.after),
        }
        if work_for(column.type, effect.type, is_in_utc=act.is_in_utc) is Work.REWRITE:
            yield view.harm("column-type-rewrite", act, rewrite=True, **pieces)
            continue
        for check in act.table.of_kind(Kind.CHECK):
            if effect.column in check.columns and check.is_valid:
                yield view.harm("column-type-rewrite", act, name=check.name, **pieces)


def word(harm: Harm) -> Words:
    """Say that all wait. ``name``: a CHECK that is verified again; ``detail``: the field as Python."""
    change = f" from {harm.old} to {harm.new}" if harm.old and harm.new and harm.old != harm.new else ""
    done = (
        "the table is written anew"
        if harm.rewrite or not harm.name
        else (f"every row is checked against the constraint {harm.name} again")
    )
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while {done}: ALTER COLUMN TYPE of "
        f"{words.columns(harm)}{change} holds {words.held(harm, words.ACCESS_EXCLUSIVE)} until that is done.",
        hint=_hint(harm),
        safe_way=_safe_way(harm),
    )


def _hint(harm: Harm) -> str:
    if _is_comment_only(harm):
        return "Use COMMENT ON COLUMN in SQL, and tell the models with SeparateDatabaseAndState."
    return "Add a new column of that type, fill it in batches, and let it take the old one's place."


def _is_comment_only(harm: Harm) -> bool:
    return harm.old is not None and harm.old == harm.new and not harm.rewrite


def _safe_way(harm: Harm) -> str:
    model, field = words.model(harm), harm.field
    if _is_comment_only(harm):
        comment = words.run_sql(
            f"COMMENT ON COLUMN {words.quoted(harm.table)}.{words.listed(harm)} IS '...'", ""
        )
        altered = f'migrations.AlterField("{model}", "{field}", {harm.detail})'
        return words.migration(
            words.separate(comment, altered) if model and field and harm.detail else comment
        )
    new = f"{field}_new" if field else "the new column"
    return words.plan(
        f"Add {new} beside {words.columns(harm)}, of type {harm.new or 'as wanted'}, with null=True.",
        "Write both from the code, and deploy that.",
        f"Fill {new} in batches, in a RunPython of a migration with atomic = False.",
        f"Read {new} from the code; drop the old column in a later release.",
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
