"""A foreign key is validated on an existing table while writers of both tables wait.

What happens
------------
`ADD CONSTRAINT … FOREIGN KEY` takes a SHARE ROW EXCLUSIVE lock on both tables and looks every row up in the
other table. `AlterField` on a foreign key does this even when nothing but `null` changes: Django drops the
constraint and adds it again, under the ACCESS EXCLUSIVE lock of the DROP. A new nullable column that
references another table is not read, because it is empty.

Why it matters
--------------
Whoever writes to either table waits until every row was looked up; after a DROP in the same transaction,
readers do as well.

The safe way
------------
Add the foreign key as NOT VALID, then validate it in a separate migration: `VALIDATE CONSTRAINT` lets
readers and writers pass. To change only `null` or a default, change the column in SQL and tell the models
with `SeparateDatabaseAndState`.

When it is intended
-------------------
On a small table, or while the site is stopped.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES),
[Django ticket 34417](https://code.djangoproject.com/ticket/34417)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.rules._not_null import proven_before, set_not_null
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Constraint, Kind
from django_prodready.migration_safety.static.view import Act, View

UNSAFE = (
    Example(
        operations="""
migrations.AlterField(
    "book", "author", models.ForeignKey("shop.Author", models.CASCADE, null=True)
),
"""
    ),
    Example(
        operations="""
migrations.AlterField(
    "book", "author", models.ForeignKey("shop.Author", models.CASCADE, default=1)
),
"""
    ),
    Example(
        operations="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey(
        "shop.Author", models.CASCADE, db_index=False, default=1, related_name="+"
    ),
),
"""
    ),
    Example(
        operations="""
migrations.AlterField("book", "author", models.ForeignKey("shop.Author", models.CASCADE)),
""",
        deployed="""
migrations.AlterField(
    "book", "author", models.ForeignKey("shop.Author", models.CASCADE, db_constraint=False)
),
""",
    ),
    Example(operations='migrations.RenameModel("Author", "Writer")'),
    Example(
        operations="""
migrations.AlterField(
    "book", "editor", models.ForeignKey("shop.Author", models.CASCADE, related_name="+")
),
""",
        deployed="""
migrations.AddField(
    "book",
    "editor",
    models.ForeignKey("shop.Author", models.CASCADE, null=True, related_name="+"),
),
""",
    ),
)
SAFE = (
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
migrations.AlterField(
    "book", "author", models.ForeignKey("shop.Author", models.SET_NULL, related_name="books")
),
"""
    ),
    Example(
        operations="""
migrations.AlterField(
    "book", "author", models.ForeignKey("shop.Author", models.CASCADE, db_constraint=False)
),
"""
    ),
    Example(
        operations="""
migrations.CreateModel(
    "Loan",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("book", models.ForeignKey("shop.Book", models.CASCADE)),
    ],
),
"""
    ),
    Example(
        operations="""
migrations.AddField("book", "readers", models.ManyToManyField("shop.Author", related_name="+")),
"""
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each foreign key that is validated while writers of a table in use wait."""
    for act, effect in view.on_awaited(e.AddConstraint):
        one = effect.constraint
        if one.kind is Kind.FOREIGN_KEY and one.is_valid and not effect.rows_are_null:
            yield view.harm(
                "foreign-key-validation",
                act,
                name=one.name,
                columns=one.columns,
                other_table=one.to_table,
                detail=effect.origin.state or None,
                **_change(view, act, one),
            )
    yield from _after_filling(view)
    for act, validate in view.on_awaited(e.ValidateConstraint):
        known = act.table.constraints.get(validate.name) if act.table is not None else None
        if validate.table in act.held and known is not None and known.kind is Kind.FOREIGN_KEY:
            yield view.harm(
                "foreign-key-validation",
                act,
                name=known.name,
                columns=known.columns,
                other_table=known.to_table,
                old="validate",
            )


def _after_filling(view: View) -> Iterator[Harm]:
    """Yield a harm for each new table that was filled from another one before it gets its foreign key."""
    filled: set[str] = set()
    for act in view.acts:
        effect = act.effect
        if isinstance(effect, r.Write) and effect.is_many:
            filled.add(effect.table)
        if isinstance(effect, e.AddConstraint) and effect.table in filled and not act.is_existing:
            one = effect.constraint
            if one.kind is Kind.FOREIGN_KEY and one.is_valid and one.to_table in act.locks:
                names = {"table": one.to_table, "model": None, "field": None}
                yield view.harm("foreign-key-validation", act, name=one.name, **names)


def _change(view: View, act: Act, one: Constraint) -> dict[str, str | None]:
    """Tell a foreign key that is added again from a new one: ``new`` is then the SQL that would do."""
    was_dropped = any(
        other.operation == act.operation and dropped.table == act.effect.table
        for other, dropped in view.of_kind(e.DropConstraint)
    )
    if not was_dropped:
        return {"new": one.to_columns[0]}
    in_operation = [other.effect for other in view.acts if other.operation == act.operation]
    if any(isinstance(effect, e.DropNotNull) for effect in in_operation):
        return {"old": "again", "new": f'ALTER COLUMN "{one.columns[0]}" DROP NOT NULL'}
    if any(isinstance(effect, e.SetNotNull) for effect in in_operation):
        return {"old": "not null"}
    return {"old": "again"}


def word(harm: Harm) -> Words:
    """Say that they wait. ``detail``: a state operation as Python; ``new``: the column that is referenced.

    ``old``: "again" where the key was dropped before, and ``new`` then is SQL that changes the column alone;
    "not null" where that was done to make its column NOT NULL; "validate" where it was added as NOT VALID in
    the same transaction.
    """
    is_again = harm.old in ("again", "not null")
    other = f" and of {harm.other_table}" if harm.other_table and harm.other_table != harm.table else ""
    usual = words.ACCESS_EXCLUSIVE if is_again else words.SHARE_ROW_EXCLUSIVE
    done = "dropped, added again and validated" if is_again else "validated, row by row"
    return Words(
        message=f"{words.blocked(harm, usual)}{other} wait while {words.named('foreign key', harm)} is "
        f"{done}: "
        f"{words.held(harm, usual)} is held until that is done.",
        hint=_hint(harm),
        safe_way=_in_place(harm) if is_again else _not_valid(harm),
    )


def _hint(harm: Harm) -> str:
    if harm.old in ("again", "not null"):
        return "Change the column in SQL and tell the models with SeparateDatabaseAndState."
    if harm.old == "validate":
        return "Validate in a later migration than the one that adds the foreign key."
    return "Add the foreign key as NOT VALID, and validate it in a separate migration."


def _in_place(harm: Harm) -> str:
    if harm.old == "not null" and harm.detail and harm.model and harm.field:
        return proven_before(harm, words.separate(words.run_sql(set_not_null(harm)), harm.detail))
    if not (harm.new or harm.detail):
        return words.plan(
            f"Keep the names of {harm.other_table or 'the table'} and of the column that is referenced, with "
            "db_table and db_column: then the foreign key stays.",
        )
    if harm.new is None and harm.detail:
        return words.migration(f"migrations.SeparateDatabaseAndState(state_operations=[{harm.detail}])")
    change = words.run_sql(f"ALTER TABLE {words.quoted(harm.table)} {harm.new or '...'}", "")
    return words.migration(words.separate(change, harm.detail) if harm.detail else change)


def _not_valid(harm: Harm) -> str:
    table = words.quoted(harm.table)
    name = words.quoted(words.constraint_name(harm, "fk"))
    add = words.run_sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({words.listed(harm)}) REFERENCES "
        f"{words.quoted(harm.other_table)} ({words.quoted(harm.new or 'id')}) DEFERRABLE INITIALLY "
        "DEFERRED NOT VALID",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
    return words.steps(
        words.migration(words.separate(add, harm.detail) if harm.detail else add, comment="Migration 1."),
        words.migration(
            words.run_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", ""), comment="Migration 2."
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
