"""Rows and schema of one table change in one transaction, which PostgreSQL refuses.

What happens
------------
Django's foreign keys are checked at the end of the transaction. Once rows were written, their checks are
pending, and an `ALTER TABLE` in the same transaction fails: "cannot ALTER TABLE because it has pending
trigger events".

Why it matters
--------------
It depends on rows: the migration passes on an empty database, in tests and in review, and fails in
production.

The safe way
------------
Two migrations: one for the rows, one for the schema.

When it is intended
-------------------
Never.

References
----------
[SET CONSTRAINTS](https://www.postgresql.org/docs/current/sql-set-constraints.html),
[data migrations](https://docs.djangoproject.com/en/stable/topics/migrations/#data-migrations)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words

UNSAFE = (
    Example(
        code="""
def fill(apps, schema_editor):
    Book = apps.get_model("shop", "Book")
    for book in Book.objects.all():
        book.author_id = book.author_id
        book.save()
""",
        operations="""
migrations.RunPython(fill),
migrations.AddField("book", "x", models.IntegerField(null=True)),
""",
        needs_trace=True,
    ),
)
SAFE = (Example(operations='migrations.AddField("book", "x", models.IntegerField(null=True))'),)


def word(harm: Harm) -> Words:
    """Say that it fails where there are rows."""
    return Words(
        message=f"The migration fails once there are rows: {words.table(harm)} is altered after rows were "
        "written in the "
        "same transaction, while checks of its foreign keys are pending.",
        hint="Split the migration: one for the rows, one for the schema.",
        safe_way=words.plan(
            "A migration with the operation that writes rows.",
            "A migration after it with the operations that change the schema.",
        ),
    )


RULE = declare(category=Category.FAILS, word=word)
