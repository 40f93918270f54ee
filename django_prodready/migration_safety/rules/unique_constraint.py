"""A unique or primary key constraint is added to an existing table: its index is built while nobody can read.

What happens
------------
`ALTER TABLE … ADD CONSTRAINT … UNIQUE` takes an ACCESS EXCLUSIVE lock, then reads the whole table to build
the index. `UniqueConstraint` without condition or expressions, `unique=True`, `OneToOneField`,
`unique_together` and a new primary key all do this; so does adding a unique column, even one that is empty.

Why it matters
--------------
Every request that touches the table waits, reads included, for as long as the index takes.

The safe way
------------
Build the index first, with `CREATE UNIQUE INDEX CONCURRENTLY`; then make it a constraint with `ADD
CONSTRAINT … UNIQUE USING INDEX`, which takes the lock for a moment only. Add a new column without `unique`
before that. A primary key needs its column NOT NULL first.

When it is intended
-------------------
On a small table, or while the site is stopped.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX),
[SeparateDatabaseAndState](https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.AddConstraint(
    "book", models.UniqueConstraint(fields=["title", "author"], name="book_once")
),
"""
    ),
    Example(
        operations="""
migrations.AlterField("book", "title", models.CharField(max_length=100, unique=True)),
"""
    ),
    Example(operations='migrations.AlterUniqueTogether("book", {("title", "author")})'),
    Example(
        operations="""
migrations.AddField(
    "book", "sequel", models.OneToOneField("shop.Book", models.CASCADE, null=True)
),
"""
    ),
    Example(operations='migrations.AddField("book", "code", models.IntegerField(null=True, unique=True))'),
)
SAFE = (
    Example(
        operations="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddConstraint(
    "shelf", models.UniqueConstraint(fields=["number"], name="shelf_number")
),
"""
    ),
    Example(operations='migrations.AlterField("book", "isbn", models.CharField(max_length=13))'),
    Example(operations='migrations.AlterField("book", "isbn", models.CharField(max_length=20, unique=True))'),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.AddConstraint(
            "book", models.UniqueConstraint(fields=["title"], name="book_once")
        )
    ]
),
"""
    ),
    Example(
        operations='migrations.AlterUniqueTogether("book", set())',
        deployed='migrations.AlterUniqueTogether("book", {("title", "author")})',
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each constraint whose index is built on a table in use."""
    for act, effect in view.on_awaited(e.AddConstraint):
        one = effect.constraint
        if one.kind in (Kind.UNIQUE, Kind.PRIMARY_KEY) and not effect.using_index:
            yield view.harm(
                "unique-constraint",
                act,
                name=one.name,
                columns=one.columns,
                old=one.kind.value,
                detail=effect.origin.state.replace("migrations.AddField(", "migrations.AlterField(") or None,
            )


def word(harm: Harm) -> Words:
    """Say that all wait. ``detail``: a state operation as Python; ``old``: "primary key"."""
    kind = "PRIMARY KEY" if harm.old == "primary key" else "UNIQUE"
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while the index of the {kind} "
        "constraint on "
        f"{words.columns(harm)} is built: ADD CONSTRAINT holds {words.held(harm, words.ACCESS_EXCLUSIVE)} "
        "for as "
        "long as it reads the table.",
        hint="Build the unique index with CONCURRENTLY first, then make it a constraint with USING INDEX.",
        safe_way=_safe_way(harm, kind),
    )


def _safe_way(harm: Harm, kind: str) -> str:
    name = words.quoted(words.constraint_name(harm, "uniq"))
    table = words.quoted(harm.table)
    build = words.run_sql(
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({words.listed(harm)})",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
    )
    attach = words.run_sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {name}",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
    state = harm.detail
    return words.steps(
        words.migration(
            build,
            comment="Migration 1. The column must exist; add a new one without unique=True before.",
            atomic=False,
        ),
        words.migration(words.separate(attach, state) if state else attach, comment="Migration 2."),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
