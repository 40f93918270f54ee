"""A new value of an enumeration is used in the transaction that adds it.

What happens
------------
`ALTER TYPE … ADD VALUE` may run in a transaction, but the value can be used only after it is committed:
"unsafe use of new value".

Why it matters
--------------
The deployment stops at this migration.

The safe way
------------
Two migrations: one that adds the value, one that uses it.

When it is intended
-------------------
Never.

References
----------
[ALTER TYPE](https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.view import Act, View

_TYPE = """
migrations.RunSQL("CREATE TYPE mood AS ENUM ('glad', 'sad')"),
migrations.RunSQL("ALTER TABLE shop_author ADD COLUMN mood mood"),
"""
_ADD = "migrations.RunSQL(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm'\"),"
_USE = "migrations.RunSQL(\"UPDATE shop_author SET mood = 'calm' WHERE id = 1\"),"
UNSAFE = (
    Example(operations=_ADD + _USE, deployed=_TYPE),
    Example(
        operations="migrations.RunSQL(\"ALTER TYPE mood ADD VALUE 'calm'; SELECT 'calm'::mood\"),",
        deployed=_TYPE,
        atomic=False,
    ),
)
SAFE = (
    Example(operations=_ADD, deployed=_TYPE),
    Example(operations=_ADD + _USE, deployed=_TYPE, atomic=False),
    Example(operations=_ADD + _USE.replace("calm", "sad"), deployed=_TYPE),
    Example(operations=_USE, deployed=_TYPE + _ADD),
    Example(operations=_TYPE + _USE.replace("calm", "sad")),
    Example(operations=_ADD + _USE.replace("shop_author SET mood", "shop_book SET title"), deployed=_TYPE),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each value that is used in the transaction that adds it."""
    transaction, made, added = -1, set[str](), dict[str, str]()
    for act in view.acts:
        effect = act.effect
        if act.transaction != transaction:
            transaction, made, added = act.transaction, set(), {}
        if isinstance(effect, r.CreateType):
            made.add(effect.name)
        elif isinstance(effect, r.AddValue) and effect.name not in made:
            added[effect.value] = effect.name
        elif isinstance(effect, r.Mention):
            for value in sorted(effect.literals & set(added)):
                if _may_have(act, added[value]):
                    yield view.harm("enum-value-in-transaction", act, name=added[value], new=value)


def _may_have(act: Act, type_: str) -> bool:
    """Whether the table may have a column of the type."""
    if act.table is None or not act.table.is_complete:
        return True
    return any(column.type in (None, type_) for column in act.table.columns.values())


def word(harm: Harm) -> Words:
    """Say that it fails. ``name``: of the type; ``new``: the value, as written in the migration."""
    of_type = f" of the type {harm.name}" if harm.name else ""
    return Words(
        message=f"The migration fails and stops the deployment: a value{of_type} is used in the "
        "transaction that adds it.",
        hint="Add the value in a migration of its own, before the one that uses it.",
        safe_way=words.steps(
            words.migration(
                words.run_sql(f"ALTER TYPE {words.quoted(harm.name)} ADD VALUE IF NOT EXISTS '...'", ""),
                comment="Migration 1.",
            ),
            "# Migration 2: the operations that use the value.",
        ),
    )


RULE = declare(category=Category.FAILS, word=word, infer=infer)
