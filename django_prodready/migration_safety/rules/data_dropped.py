"""A column or table is dropped, with data that the deployed release uses.

What happens
------------
`RemoveField` and `DeleteModel` delete the data with the column or the table. Migrating backwards brings an
empty column or table back.

Why it matters
--------------
If the release must be rolled back, the data is gone. A column or table that the deployed release does not
know any more is not reported: dropping it is the last step of the safe way.

The safe way
------------
Two releases: the first forgets the field or model (`SeparateDatabaseAndState`), the second drops it once
the first has proven itself.

When it is intended
-------------------
When the data is certainly worthless.

References
----------
[SeparateDatabaseAndState](https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate)
"""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words

UNSAFE = (Example(operations='migrations.RunSQL("DROP TABLE shop_tag_books")', needs_trace=True),)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("tag", "books")]),
"""
    ),
)


def word(harm: Harm) -> Words:
    """Say what is lost."""
    what = f"the values of {words.columns(harm)}" if harm.columns else f"the rows of {words.table(harm)}"
    return Words(
        message=f"A rollback of the release finds {what} gone: the migration drops them while the "
        "deployed release "
        "still uses them.",
        hint="Let the models forget it in this release, and drop it in the next one.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model = words.model(harm)
    if not model:
        return words.plan("This release: the code uses it no more.", "The next release: drop it.")
    state = (
        f'migrations.RemoveField("{model}", "{harm.field}")'
        if harm.field
        else (f'migrations.DeleteModel("{harm.model}")')
    )
    return words.migration(
        f"migrations.SeparateDatabaseAndState(state_operations=[{state}])",
        comment="This release; a column must be nullable or have a default in the database. Drop it in "
        "the next one.",
    )


RULE = declare(category=Category.DESTRUCTIVE, word=word)
