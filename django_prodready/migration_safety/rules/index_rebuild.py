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

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.type_changes import Work, work_for
from django_prodready.migration_safety.static.view import Act, View

UNSAFE = (
    Example(
        operations="""
migrations.AlterField(
    "book", "isbn", models.CharField(max_length=13, unique=True, db_collation="C")
),
"""
    ),
    Example(
        operations='migrations.AlterField("book", "title", models.CharField(max_length=200))',
        deployed="""
migrations.AddIndex(
    "book", models.Index(fields=["stock"], condition=models.Q(title__gt=""), name="book_titled")
),
""",
    ),
)
SAFE = (
    Example(
        operations="""
migrations.AlterField("book", "title", models.CharField(max_length=100, db_collation="C")),
"""
    ),
    Example(operations='migrations.AlterField("book", "isbn", models.CharField(max_length=20, unique=True))'),
    Example(
        operations='migrations.AlterField("book", "title", models.CharField(max_length=200))',
        deployed="""
migrations.AddIndex("book", models.Index(fields=["title", "stock"], name="book_titled")),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each index of a table in use that is built anew, unless the whole table is."""
    for act, rebuild in view.on_awaited(e.RebuildIndex):
        if not rebuild.is_concurrent:
            yield view.harm("index-rebuild", act, name=rebuild.name, old="reindex")
    for act, effect in view.on_awaited(e.AlterType):
        for name in _rebuilt(act, effect):
            yield view.harm("index-rebuild", act, name=name, columns=(effect.column,))


def _rebuilt(act: Act, effect: e.AlterType) -> Iterator[str]:
    table = act.table
    column = table.columns.get(effect.column) if table is not None else None
    if table is None or column is None:
        return
    work = work_for(column.type, effect.type, is_in_utc=act.is_in_utc)
    if work is Work.REWRITE:
        return
    is_other = work is Work.INDEXES or column.collation != effect.collation
    for index in table.indexes.values():
        is_on = effect.column in (*index.columns, *index.depends_on)
        if is_on and (is_other or index.depends_on):
            yield index.name
    for one in table.of_kind(Kind.UNIQUE, Kind.PRIMARY_KEY, Kind.EXCLUSION) if is_other else ():
        if effect.column in one.columns:
            yield one.name


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


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
