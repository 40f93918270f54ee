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

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
postgres.AddIndexConcurrently("book", models.Index(fields=["title"], name="book_title")),
"""
    ),
    Example(
        operations='postgres.RemoveIndexConcurrently("book", "book_title")',
        deployed='migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))',
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
        operations='postgres.RemoveIndexConcurrently("book", "book_title")',
        deployed='migrations.AddIndex("book", models.Index(fields=["title"], name="book_title"))',
        atomic=False,
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each CONCURRENTLY in a transaction, whatever the table."""
    for act in view.acts:
        statement = _statement(act.effect)
        if statement and act.in_transaction:
            effect = act.effect
            yield view.harm(
                "concurrently-in-transaction",
                act,
                name=effect.index.name if isinstance(effect, e.CreateIndex) else None,
                detail=statement,
                new=_operation(effect),
            )


def _statement(effect: e.Effect) -> str:
    if isinstance(effect, e.CreateIndex | e.DropIndex | e.RebuildIndex) and effect.is_concurrent:
        return {e.CreateIndex: "CREATE INDEX", e.DropIndex: "DROP INDEX"}.get(type(effect), "REINDEX")
    return ""


def _operation(effect: e.Effect) -> str | None:
    origin = effect.origin
    if isinstance(effect, e.DropIndex) and origin.model:
        return f'RemoveIndexConcurrently("{origin.model.lower()}", "{effect.name}")'
    index = text.python(origin.after) if origin.after is not None else None
    return f'AddIndexConcurrently("{(origin.model or "").lower()}", {index})' if index else None


def word(harm: Harm) -> Words:
    """Say that it fails. ``new``: the operation as Python; ``detail``: the statement, ``DROP INDEX``."""
    statement = harm.detail or "CREATE INDEX"
    return Words(
        message=f"The migration fails and stops the deployment: {statement} CONCURRENTLY cannot run inside a "
        "transaction, and the migration is atomic.",
        hint="Set atomic = False on the migration's class, and move other operations out of it.",
        safe_way=words.migration(harm.new, atomic=False) if harm.new else "atomic = False",
    )


RULE = declare(category=Category.FAILS, word=word, infer=infer)
