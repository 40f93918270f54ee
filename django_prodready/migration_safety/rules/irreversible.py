"""A migration cannot be undone by migrating backwards.

What happens
------------
`RunPython` without `reverse_code`, `RunSQL` without `reverse_sql`, or an operation that says so itself:
`migrate` to an earlier migration raises IrreversibleError.

Why it matters
--------------
It does not harm the site, but a release that includes it cannot be rolled back by Django.

The safe way
------------
Give the operation its reverse; where there is nothing to undo, `RunPython.noop` or `RunSQL.noop` says so.

When it is intended
-------------------
Often: many changes of data have no reverse. It is told, and does not make a migration unsafe.

References
----------
[RunPython](https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython),
[RunSQL](https://docs.djangoproject.com/en/stable/ref/migration-operations/#runsql)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.static.operations import is_reversible
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        code="""
def fill(apps, schema_editor):
    pass
""",
        operations="migrations.RunPython(fill)",
    ),
    Example(
        operations="""
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.RunSQL("ANALYZE shop_book")]
),
"""
    ),
)
SAFE = (
    Example(operations="migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)"),
    Example(operations='migrations.RunSQL("ANALYZE shop_book", migrations.RunSQL.noop)'),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each operation without a way back."""
    for position, operation in enumerate(view.operations):
        if not is_reversible(operation):
            yield Harm(
                rule="irreversible",
                operation=position,
                app_label=view.key[0],
                new=type(operation).__name__,
            )


def word(harm: Harm) -> Words:
    """Say that there is no way back. ``new``: the operation's class, ``RunPython``."""
    reverse = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}.get(harm.new or "")
    noop = f"migrations.{harm.new}.noop" if reverse else ""
    return Words(
        message=f"Migrating backwards raises IrreversibleError: {harm.new or 'an operation'} has no reverse.",
        hint=f"Give {harm.new} its {reverse}; {noop} where there is nothing to undo."
        if reverse
        else "Give the operation a reverse, or plan the way back by hand.",
        safe_way=f"# {reverse}={noop}" if reverse else "",
    )


RULE = declare(category=None, word=word, infer=infer)
