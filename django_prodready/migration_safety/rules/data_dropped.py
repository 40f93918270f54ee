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

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _two_releases
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.RemoveField("book", "weight")'),
    Example(operations='migrations.DeleteModel("Tag")'),
    Example(operations='migrations.RunSQL("DROP TABLE shop_tag_books")', needs_trace=True),
)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "weight")]),
"""
    ),
    Example(
        operations='migrations.DeleteModel("Shelf")',
        earlier="""
migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
""",
    ),
    Example(operations='migrations.RenameField("book", "weight", "grams")'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each column and table that the deployed release uses and the migration drops."""
    for use, column, act in compatibility.dropped(view):
        if column is None:
            yield view.harm("data-dropped", act, model=use.model.name, field=use.pair, table=use.table)
        else:
            yield view.harm(
                "data-dropped", act, model=use.model.name, field=use.columns[column], columns=(column,)
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
    if harm.field and harm.columns:
        return _two_releases.dropped(harm)
    # A table, of a model or of pairs.
    field = f'RemoveField("{model}", "{harm.field}")' if harm.field else f'DeleteModel("{harm.model}")'
    return words.migration(
        f"migrations.SeparateDatabaseAndState(state_operations=[migrations.{field}])",
        comment="This release. Drop the table in the next one.",
    )


RULE = declare(category=Category.DESTRUCTIVE, word=word, infer=infer)
