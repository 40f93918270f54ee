"""An index is built on an existing table without CONCURRENTLY, so writers wait until it is done.

What happens
------------
`CREATE INDEX` reads the whole table under a SHARE lock. Every INSERT, UPDATE and DELETE waits until it
ends, and inside a transaction until the transaction ends. `AddIndex`, `db_index=True`, `SlugField` (an
index for equality and one for LIKE), a foreign key's index, `index_together` and a unique constraint with a
condition, expressions, `include` or `opclasses` (a unique index, in PostgreSQL) all do this.

Why it matters
--------------
An index on ten million rows takes seconds to minutes. Requests that write wait for it, workers fill up, and
the site is down although only one table is locked.

The safe way
------------
`AddIndexConcurrently` in a migration of its own with `atomic = False`. An index that a field brings along
is built by hand under Django's own name, with `SeparateDatabaseAndState` telling the models of it. If the
build is interrupted, drop the invalid index that is left over and run it again.

When it is intended
-------------------
On a table that is small, or while the site is stopped. An index on a table that the same migration creates
is never reported.

References
----------
[CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY),
[AddIndexConcurrently](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/operations/#concurrent-index-operations)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))'),
    Example(operations='migrations.AddField("book", "slug", models.SlugField(null=True))'),
    Example(
        operations="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey("shop.Author", models.CASCADE, null=True, related_name="+"),
),
"""
    ),
    Example(
        operations="""
migrations.AlterField("book", "stock", models.IntegerField(default=0, db_index=True)),
"""
    ),
    Example(operations='migrations.AlterField("book", "isbn", models.TextField(unique=True))'),
    Example(
        operations="""
migrations.AddConstraint(
    "book",
    models.UniqueConstraint(
        fields=["title"], condition=models.Q(stock__gt=0), name="book_in_stock"
    ),
),
"""
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[
        migrations.AddIndex("book", models.Index("title", "stock", name="book_both"))
    ]
),
"""
    ),
)
SAFE = (
    Example(
        operations="""
postgres.AddIndexConcurrently("book", models.Index(fields=["title"], name="book_title")),
""",
        atomic=False,
    ),
    Example(
        operations="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddIndex("shelf", models.Index(fields=["number"], name="shelf_number")),
"""
    ),
    Example(
        operations='migrations.AddIndex("shelf", models.Index(fields=["number"], name="shelf_number"))',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    state_operations=[
        migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))
    ]
),
"""
    ),
    Example(
        operations="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey(
        "shop.Author", models.CASCADE, null=True, db_index=False, related_name="+"
    ),
),
"""
    ),
    Example(
        operations="""
migrations.RenameIndex("book", "book_name", old_name="book_title"),
migrations.RemoveIndex("book", "book_name"),
""",
        deployed='migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))',
    ),
    Example(operations='migrations.AlterField("book", "published", models.DateField())'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each index that is built on a table in use."""
    for act, effect in view.on_awaited(e.CreateIndex):
        if not effect.is_concurrent:
            origin = effect.origin
            is_whole = origin.operation == "AddIndex"
            yield view.harm(
                "index-build",
                act,
                name=effect.index.name,
                columns=effect.index.columns if is_whole or not effect.index.depends_on else (),
                old="unique" if effect.index.is_unique else effect.index.opclass or None,
                method=effect.index.method if effect.index.method != "btree" else None,
                new=origin.state.replace("migrations.AddField(", "migrations.AlterField(") or None,
                detail=text.python(origin.after) if is_whole else None,
            )


def word(harm: Harm) -> Words:
    """Say that writers wait. ``detail``: an Index as Python; ``new``: a state operation as Python.

    ``old``: "unique" where the index is, else its operator class.
    """
    return Words(
        message=f"{words.blocked(harm, words.SHARE)} wait while {words.named('index', harm)} is built: "
        "CREATE INDEX "
        f"holds {words.held(harm, words.SHARE)} for as long as it reads the table.",
        hint="Build the index with CONCURRENTLY, in a migration of its own with atomic = False.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model = words.model(harm)
    comment = "A migration of its own. If it is interrupted, drop the invalid index and run it again."
    if model and harm.detail:
        return words.migration(
            f'AddIndexConcurrently("{model}", {harm.detail})', comment=comment, atomic=False
        )
    unique = "UNIQUE " if harm.old == "unique" else ""
    using = f"USING {harm.method} " if harm.method else ""
    opclass = f" {harm.old}" if harm.old and not unique and harm.columns else ""
    name = words.quoted(words.constraint_name(harm, "idx"))
    create = words.run_sql(
        f"CREATE {unique}INDEX CONCURRENTLY {name} ON {words.quoted(harm.table)} "
        f"{using}({words.listed(harm)}{opclass})",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
    )
    if harm.new:
        return words.migration(words.separate(create, harm.new), comment=comment, atomic=False)
    return words.migration(create, comment=comment, atomic=False)


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
