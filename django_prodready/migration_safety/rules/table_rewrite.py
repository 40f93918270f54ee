"""A whole table is written anew while nobody can read it.

What happens
------------
`CLUSTER`, `VACUUM FULL`, `SET UNLOGGED`, `SET LOGGED`, `SET TABLESPACE`, `SET ACCESS METHOD` and
`REFRESH MATERIALIZED VIEW` without CONCURRENTLY copy all rows under an ACCESS EXCLUSIVE lock.

Why it matters
--------------
Every request that touches the table waits for as long as it takes to copy it.

The safe way
------------
`REFRESH MATERIALIZED VIEW CONCURRENTLY`, with a unique index on the view. To give space back or to order
rows: pg_repack, outside of migrations. To move a table: a new one, filled in batches.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[Explicit locking](https://www.postgresql.org/docs/current/explicit-locking.html),
[REFRESH MATERIALIZED VIEW](https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

_REFRESH = "REFRESH MATERIALIZED VIEW"


UNSAFE = (
    Example(operations='migrations.RunSQL("CLUSTER shop_book USING shop_book_pkey")', needs_trace=True),
)
SAFE = (Example(operations='migrations.RunSQL("ANALYZE shop_book")', needs_trace=True),)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each statement that copies a table in use."""
    for act, effect in view.on_awaited(e.RewriteTable):
        yield view.harm("table-rewrite", act, detail=effect.statement, rewrite=True)


def word(harm: Harm) -> Words:
    """Say that all wait. ``detail``: the statement that does it, ``CLUSTER``."""
    by = f"{harm.detail} holds" if harm.detail else "the migration holds"
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while the table is written anew: {by} "
        f"{words.held(harm, words.ACCESS_EXCLUSIVE)} until every row is copied.",
        hint="Refresh with CONCURRENTLY, and give the view a unique index."
        if harm.detail == _REFRESH
        else "Take this out of the migration: use pg_repack, or a new table that is filled in batches.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    if harm.detail == _REFRESH:
        refresh = words.run_sql(f"{_REFRESH} CONCURRENTLY {words.quoted(harm.table)}", "")
        return words.migration(
            refresh, comment="The view needs a unique index on plain columns.", atomic=False
        )
    return words.plan(
        f"Create a new table with the wanted properties, beside {words.table(harm)}.",
        "Keep both in step with a trigger, and copy the rows in batches.",
        "Exchange the names of the two tables in one short migration.",
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
