"""CONCURRENTLY is used inside a transaction, where PostgreSQL and Django refuse it.

What happens
------------
`CREATE INDEX CONCURRENTLY` commits in between. In a migration that is not `atomic = False` it is an error:
Django's `AddIndexConcurrently` raises NotSupportedError, PostgreSQL says "cannot run inside a transaction
block".

Why it matters
--------------
The deployment stops at this migration.

The safe way
------------
`atomic = False` on the migration's class, with nothing else in it.

When it is intended
-------------------
Never.

References
----------
[AddIndexConcurrently](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/operations/#concurrent-index-operations),
[CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import declare
from django_prodready.migration_safety.rules import _words as words


def word(harm: Harm) -> Words:
    """Say that it fails. ``new``: the operation as Python; ``detail``: the statement, ``DROP INDEX``."""
    statement = harm.detail or "CREATE INDEX"
    return Words(
        message=f"The migration fails and stops the deployment: {statement} CONCURRENTLY cannot run inside a "
        "transaction, and the migration is atomic.",
        hint="Set atomic = False on the migration's class, and move other operations out of it.",
        safe_way=words.migration(harm.new, atomic=False) if harm.new else "atomic = False",
    )


RULE = declare(category=Category.FAILS, word=word)
