"""A new value of an enumeration is used in the transaction that adds it.

What happens
------------
`ALTER TYPE … ADD VALUE` may run in a transaction, but the value can be used only after it is committed:
"unsafe use of new value".

Why it matters
--------------
The deployment stops at this migration.

The safe way
------------
Two migrations: one that adds the value, one that uses it.

When it is intended
-------------------
Never.

References
----------
[ALTER TYPE](https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words

UNSAFE = (
    Example(
        deployed="migrations.RunSQL(\"CREATE TYPE mood AS ENUM ('glad')\")",
        operations="migrations.RunSQL(\"ALTER TYPE mood ADD VALUE 'calm'; SELECT 'calm'::mood\")",
        needs_trace=True,
    ),
)
SAFE = (
    Example(
        deployed="migrations.RunSQL(\"CREATE TYPE mood AS ENUM ('glad')\")",
        operations="migrations.RunSQL(\"ALTER TYPE mood ADD VALUE 'calm'\")",
        needs_trace=True,
    ),
)


def word(harm: Harm) -> Words:
    """Say that it fails. ``name``: of the type; ``new``: the value, as written in the migration."""
    of_type = f" of the type {harm.name}" if harm.name else ""
    return Words(
        message=f"The migration fails and stops the deployment: a value{of_type} is used in the "
        "transaction that adds it.",
        hint="Add the value in a migration of its own, before the one that uses it.",
        safe_way=words.steps(
            words.migration(
                words.run_sql(f"ALTER TYPE {words.quoted(harm.name)} ADD VALUE IF NOT EXISTS '...'", ""),
                comment="Migration 1.",
            ),
            "# Migration 2: the operations that use the value.",
        ),
    )


RULE = declare(category=Category.FAILS, word=word)
