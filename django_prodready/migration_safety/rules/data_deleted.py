"""A migration deletes nearly all rows of a table, or truncates it.

What happens
------------
`TRUNCATE`, `DELETE` without a condition, or a queryset's `delete()` on everything. No reverse operation
brings the rows back.

Why it matters
--------------
The deployed release reads these rows. TRUNCATE also takes an ACCESS EXCLUSIVE lock.

The safe way
------------
Let a release be deployed that does not use the rows, keep a backup, and delete in batches, outside of the
deploy.

When it is intended
-------------------
When the rows are certainly worthless: a cache, a queue that is empty.

References
----------
[TRUNCATE](https://www.postgresql.org/docs/current/sql-truncate.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (Example(operations='migrations.RunSQL("TRUNCATE shop_tag_books")', needs_trace=True),)
SAFE = (
    Example(
        operations="migrations.RunSQL(\"DELETE FROM shop_tag WHERE label = 'nothing has it'\")",
        needs_trace=True,
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table in use that is emptied."""
    for act, _ in view.on_used(e.Truncate):
        yield view.harm("data-deleted", act, detail="TRUNCATE")
    for act, effect in view.on_used(e.WriteRows):
        if effect.verb == "DELETE" and effect.nearly_all:
            yield view.harm("data-deleted", act, detail="DELETE")


def word(harm: Harm) -> Words:
    """Say what is lost. ``detail``: "TRUNCATE" or "DELETE"."""
    by = f" ({harm.detail})" if harm.detail else ""
    return Words(
        message=f"The rows of {words.table(harm)}, which the deployed release uses, are deleted{by} and "
        "cannot be "
        "brought back by migrating backwards.",
        hint="Delete in a later release, once nothing uses the rows, and keep a backup.",
        safe_way=words.plan(
            "This release: the code uses the rows no more.",
            f"Copy {words.table(harm)} to where it can be brought back from.",
            "The next release: delete in batches, in a migration with atomic = False.",
        ),
    )


RULE = declare(category=Category.DESTRUCTIVE, word=word, infer=infer)
