"""An existing index is built anew while the table is locked.

What happens
------------
`REINDEX` without CONCURRENTLY, a new collation, or a type change that keeps the table's file but not the
order of its values, builds the index again from the whole table. The lock is held until that is done.

Why it matters
--------------
It takes as long as building the index for the first time. An `ALTER TABLE` blocks readers as well;
`REINDEX` blocks writers, and readers that would use the index.

The safe way
------------
`REINDEX … CONCURRENTLY` in a migration with `atomic = False`. For a collation or a type: a new column with
its own index built concurrently, filled in batches, that then takes the old one's place.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[REINDEX](https://www.postgresql.org/docs/current/sql-reindex.html),
[ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import declare
from django_prodready.migration_safety.rules import _words as words


def word(harm: Harm) -> Words:
    """Say that they wait. ``old``: "reindex" where a REINDEX does it."""
    usual = words.SHARE if harm.old == "reindex" else words.ACCESS_EXCLUSIVE
    return Words(
        message=f"{words.blocked(harm, usual)} wait while {words.named('index', harm)} is built anew: "
        f"{words.held(harm, usual)} is held until all rows are read.",
        hint="Use REINDEX CONCURRENTLY, or make the change in a new column with its own index.",
        safe_way=_reindex(harm) if harm.old == "reindex" else _new_column(harm),
    )


def _reindex(harm: Harm) -> str:
    what = (
        f"INDEX CONCURRENTLY {words.quoted(harm.name)}"
        if harm.name
        else (f"TABLE CONCURRENTLY {words.quoted(harm.table)}")
    )
    return words.migration(
        words.run_sql(f"REINDEX {what}", ""), comment="A migration of its own.", atomic=False
    )


def _new_column(harm: Harm) -> str:
    return words.plan(
        f"Add a new nullable column beside {words.columns(harm)}, with the new definition.",
        "Build its index with AddIndexConcurrently, in a migration with atomic = False.",
        "Write both columns from the code, and fill the new one in batches.",
        "Read the new column; drop the old one in a later release.",
    )


RULE = declare(category=Category.BLOCKING, word=word)
