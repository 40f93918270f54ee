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

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import declare
from django_prodready.migration_safety.rules import _backfill
from django_prodready.migration_safety.rules import _words as words


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


RULE = declare(category=Category.BLOCKING, word=word)
