"""One transaction writes nearly all rows of an existing table.

What happens
------------
Each row that is written stays locked until the transaction ends, and leaves its old version behind. An
UPDATE of the whole table, or a loop with `save()` inside an atomic migration, holds all of them at once.

Why it matters
--------------
Requests that write one of these rows wait for the whole migration; the table may double in size, replicas
fall behind, and a failure at the end undoes everything.

The safe way
------------
Batches of a thousand rows, in a migration with `atomic = False`, each a transaction of its own, that can be
run again.

When it is intended
-------------------
On a small table.

References
----------
[non-atomic migrations](https://docs.djangoproject.com/en/stable/howto/writing-migrations/#non-atomic-migrations),
[routine vacuuming](https://www.postgresql.org/docs/current/routine-vacuuming.html)
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
        operations="migrations.RunPython(fill)",
        needs_trace=True,
    ),
)
SAFE = (Example(operations="migrations.RunPython(migrations.RunPython.noop)"),)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table in use that one transaction writes nearly all of."""
    for act, effect in view.on_used(e.WriteRows):
        if effect.nearly_all and (act.in_transaction or not effect.in_batches):
            columns = (effect.column,) if effect.column else ()
            yield view.harm("bulk-write", act, columns=columns, detail=effect.verb)


def word(harm: Harm) -> Words:
    """Say that writers of rows wait. ``detail``: "UPDATE", "DELETE" or "INSERT"."""
    done = {"DELETE": "deletes", "INSERT": "inserts"}.get(harm.detail or "", "rewrites")
    return Words(
        message=f"Requests that write rows of {words.table(harm)} wait until the migration ends: one "
        f"transaction {done} "
        "nearly all of them, and each row stays locked until then.",
        hint="Write in batches, in a migration of its own with atomic = False.",
        safe_way=_backfill.batches(harm),
    )


RULE = declare(category=Category.BULK_WRITE, word=word, infer=infer)
