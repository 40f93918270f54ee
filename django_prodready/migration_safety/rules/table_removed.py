"""A table is dropped that the deployed release still uses.

What happens
------------
Every query of the deployed release for that model fails from then on, and so does deleting any object that
Django looks for references to in that table.

Why it matters
--------------
During a rolling deployment both releases serve. Dropping the table also locks every table that it
references.

The safe way
------------
Two releases. In the first, nothing uses the model and the models forget it (`SeparateDatabaseAndState` with
`DeleteModel` as a state operation). In the second, `DROP TABLE`.

When it is intended
-------------------
When the old release is stopped before the migration runs: run it in the contract phase.

References
----------
[SeparateDatabaseAndState](https://docs.djangoproject.com/en/stable/ref/migration-operations/#separatedatabaseandstate)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import compatibility
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(operations='migrations.DeleteModel("Tag")'),
    Example(operations='migrations.RemoveField("tag", "books")'),
)
SAFE = (
    Example(
        operations="""
migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Tag")]),
"""
    ),
    Example(
        operations='migrations.DeleteModel("Shelf")',
        earlier="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table that the deployed release uses and the migration drops."""
    for use, act in compatibility.lost_tables(view):
        if isinstance(act.effect, e.DropTable):
            yield view.harm(
                "table-removed",
                act,
                model=use.model.name,
                field=use.pair,
                table=use.table,
                detail=", ".join(_tables(use)),
            )


def _tables(use: compatibility.Use) -> Iterator[str]:
    """Name what goes with the table of a model: those of its many-to-many fields, first."""
    if use.pair is None:
        yield from (words.quoted(pair.table) for pair in use.model.pairs.values())
    yield words.quoted(use.table)


def word(harm: Harm) -> Words:
    """Say what fails. ``field``: of a many-to-many whose own table it is; ``detail``: the tables, quoted."""
    model = harm.model or "a model"
    used = f"{model}.{harm.field}" if harm.field else model
    return Words(
        message=f"Every query of the deployed release for {used} fails from now on: its table "
        f"{harm.table or 'is gone'}{' is dropped' if harm.table else ''}.",
        hint="Take the model out of the code in this release, and drop the table in the next one.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    drop = words.migration(
        words.run_sql(f"DROP TABLE {harm.detail or words.quoted(harm.table)}", ""),
        comment="The next release, once no process of the old one is left.",
    )
    if not harm.model:
        return drop
    model = words.model(harm)
    state = (
        f'migrations.RemoveField("{model}", "{harm.field}")'
        if harm.field
        else (f'migrations.DeleteModel("{harm.model}")')
    )
    forget = f"migrations.SeparateDatabaseAndState(state_operations=[{state}])"
    return words.steps(words.migration(forget, comment="This release: the models forget it."), drop)


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
