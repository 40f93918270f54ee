"""A foreign key is validated on an existing table while writers of both tables wait.

What happens
------------
`ADD CONSTRAINT … FOREIGN KEY` takes a SHARE ROW EXCLUSIVE lock on both tables and looks every row up in the
other table. `AlterField` on a foreign key does this even when nothing but `null` changes: Django drops the
constraint and adds it again, under the ACCESS EXCLUSIVE lock of the DROP. A new nullable column that
references another table is not read, because it is empty.

Why it matters
--------------
Whoever writes to either table waits until every row was looked up; after a DROP in the same transaction,
readers do as well.

The safe way
------------
Add the foreign key as NOT VALID, then validate it in a separate migration: `VALIDATE CONSTRAINT` lets
readers and writers pass. To change only `null` or a default, change the column in SQL and tell the models
with `SeparateDatabaseAndState`.

When it is intended
-------------------
On a small table, or while the site is stopped.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES),
[Django ticket 34417](https://code.djangoproject.com/ticket/34417)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import declare
from django_prodready.migration_safety.rules import _words as words


def word(harm: Harm) -> Words:
    """Say that they wait. ``detail``: a state operation as Python; ``old``: SQL that does the same "
    "without the key.

    ``new``: the column that is referenced.
    """
    other = f" and of {harm.other_table}" if harm.other_table and harm.other_table != harm.table else ""
    usual = words.ACCESS_EXCLUSIVE if harm.old else words.SHARE_ROW_EXCLUSIVE
    done = "dropped and added again, and every row looked up" if harm.old else "validated, row by row"
    return Words(
        message=f"{words.blocked(harm, usual)}{other} wait while {words.named('foreign key', harm)} is "
        f"{done}: "
        f"{words.held(harm, usual)} is held until that is done.",
        hint="Change the column in SQL and tell the models with SeparateDatabaseAndState."
        if harm.old
        else "Add the foreign key as NOT VALID, and validate it in a separate migration.",
        safe_way=_in_place(harm) if harm.old else _not_valid(harm),
    )


def _in_place(harm: Harm) -> str:
    change = words.run_sql(f"ALTER TABLE {words.quoted(harm.table)} {harm.old}", "")
    return words.migration(words.separate(change, harm.detail) if harm.detail else change)


def _not_valid(harm: Harm) -> str:
    table = words.quoted(harm.table)
    name = words.quoted(words.constraint_name(harm, "fk"))
    add = words.run_sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({words.listed(harm)}) REFERENCES "
        f"{words.quoted(harm.other_table)} ({words.quoted(harm.new or 'id')}) DEFERRABLE INITIALLY "
        "DEFERRED NOT VALID",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
    return words.steps(
        words.migration(words.separate(add, harm.detail) if harm.detail else add, comment="Migration 1."),
        words.migration(
            words.run_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", ""), comment="Migration 2."
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word)
