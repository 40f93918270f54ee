"""Many rows are written while the migration holds a lock that blocks others.

What happens
------------
A lock lasts until the transaction ends. Adding a column and filling it in the same migration keeps the
table locked for as long as the filling takes.

Why it matters
--------------
Every request that touches the table waits for the backfill, which is far slower than the change of the
schema.

The safe way
------------
Two migrations: one that changes the schema, one with `atomic = False` that fills in batches.

When it is intended
-------------------
Where the table is small for certain.

References
----------
[Explicit locking](https://www.postgresql.org/docs/current/explicit-locking.html),
[non-atomic migrations](https://docs.djangoproject.com/en/stable/howto/writing-migrations/#non-atomic-migrations)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _backfill
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        code="""
def fill(apps, schema_editor):
    apps.get_model("shop", "Book").objects.update(stock=1)
""",
        operations="""
migrations.AddField("book", "x", models.IntegerField(null=True)),
migrations.RunPython(fill),
""",
        needs_trace=True,
    ),
)
SAFE = (
    Example(
        code="""
def fill(apps, schema_editor):
    apps.get_model("shop", "Book").objects.update(stock=1)
""",
        operations='migrations.AddField("book", "x", models.IntegerField(null=True))',
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table in use that is written while a lock taken before keeps others waiting."""
    for act, effect in view.on_existing(e.WriteRows):
        if effect.nearly_all and act.held:
            locked = effect.table if effect.table in act.held else next(iter(act.held))
            names = {"table": locked, "model": None} if locked != effect.table else {}
            yield view.harm(
                "write-under-lock",
                act,
                other_table=effect.table if locked != effect.table else None,
                columns=(effect.column,) if effect.column else (),
                **names,
            )


def word(harm: Harm) -> Words:
    """Say that they wait. ``other_table``: what is written, where it is another table than the locked one."""
    written = harm.other_table or harm.table
    rows = f"the rows of {written}" if written else "many rows"
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while {rows} are written: "
        f"{words.held(harm, words.ACCESS_EXCLUSIVE)} was taken before, and lasts until the transaction ends.",
        hint="Move the writing into a migration of its own with atomic = False, and write in batches.",
        safe_way=_backfill.batches(harm),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
