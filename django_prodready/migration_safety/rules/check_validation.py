"""A CHECK constraint is validated on an existing table while writers wait.

What happens
------------
`ADD CONSTRAINT … CHECK` takes an ACCESS EXCLUSIVE lock and reads every row. A `PositiveIntegerField` brings
such a constraint along, whether it is added or takes the place of an `IntegerField`. Two safe steps in one
transaction are not safe: `ADD CONSTRAINT … NOT VALID` followed by `VALIDATE CONSTRAINT` validates under the
lock of the first.

Why it matters
--------------
Every request that touches the table waits until all rows are read.

The safe way
------------
`AddConstraintNotValid` in one migration, `ValidateConstraint` in the next: the second reads all rows under
a lock that lets readers and writers pass.

When it is intended
-------------------
On a small table, or while the site is stopped.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT),
[AddConstraintNotValid](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.AddConstraint(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
"""
    ),
    Example(operations='migrations.AlterField("book", "weight", models.PositiveIntegerField(null=True))'),
    Example(operations='migrations.AddField("book", "copies", models.PositiveIntegerField(null=True))'),
    Example(
        operations="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
postgres.ValidateConstraint("book", name="known"),
"""
    ),
    Example(
        operations="""
migrations.AddField("book", "x", models.IntegerField(null=True)),
postgres.ValidateConstraint("book", name="known"),
""",
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
""",
    ),
)
SAFE = (
    Example(
        operations="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
"""
    ),
    Example(
        operations='postgres.ValidateConstraint("book", name="known")',
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
""",
    ),
    Example(
        operations="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
postgres.ValidateConstraint("book", name="known"),
""",
        atomic=False,
    ),
    Example(operations='migrations.AlterField("book", "pages", models.IntegerField(null=True))'),
    Example(
        operations="""
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddConstraint(
    "shelf", models.CheckConstraint(condition=models.Q(number__gte=0), name="shelf_number")
),
"""
    ),
    Example(
        operations='migrations.RemoveConstraint("book", "known")',
        deployed="""
migrations.AddConstraint(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each CHECK that is validated while writers of a table in use wait."""
    for act, effect in view.on_awaited(e.AddConstraint):
        one = effect.constraint
        if one.kind is Kind.CHECK and one.is_valid:
            yield view.harm("check-validation", act, name=one.name, columns=one.columns, **_pieces(effect))
    for act, validate in view.on_awaited(e.ValidateConstraint):
        known = act.table.constraints.get(validate.name) if act.table is not None else None
        if validate.table in act.held and (known is None or known.kind is Kind.CHECK):
            yield view.harm("check-validation", act, name=validate.name, old="validate")


def _pieces(effect: e.AddConstraint) -> dict[str, str | None]:
    origin = effect.origin
    if origin.field is None:
        return {"detail": text.python(origin.after)}
    return {"new": origin.state.replace("migrations.AddField(", "migrations.AlterField(")}


def word(harm: Harm) -> Words:
    """Say that they wait. ``detail``: a CheckConstraint as Python; ``old``: "validate"; ``new``: a field "
    "as Python."""
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while every row is checked against "
        f"{words.named('constraint', harm)}: {words.held(harm, words.ACCESS_EXCLUSIVE)} is held until "
        "that is done.",
        hint="Validate in a later migration than the one that takes the lock."
        if harm.old == "validate"
        else "Add the constraint as NOT VALID, and validate it in a separate migration.",
        safe_way=_safe_way(harm),
    )


def _safe_way(harm: Harm) -> str:
    model = words.model(harm)
    name = words.constraint_name(harm, "check")
    if model and harm.old == "validate":
        return words.migration(
            f'ValidateConstraint("{model}", name="{name}")',
            comment="A migration of its own, after the one that adds the constraint.",
        )
    if model and harm.detail:
        return words.steps(
            words.migration(f'AddConstraintNotValid("{model}", {harm.detail})', comment="Migration 1."),
            words.migration(f'ValidateConstraint("{model}", name="{name}")', comment="Migration 2."),
        )
    return _by_hand(harm, name)


def _by_hand(harm: Harm, name: str) -> str:
    table = words.quoted(harm.table)
    condition = f"{words.listed(harm)} >= 0" if harm.new else "..."
    add = words.run_sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {words.quoted(name)} CHECK ({condition}) NOT VALID",
        f"ALTER TABLE {table} DROP CONSTRAINT {words.quoted(name)}",
    )
    validate = words.run_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {words.quoted(name)}", "")
    if harm.new:
        add = words.separate(add, harm.new)
    comment = "Migration 1. A new column is added before, with a field that brings no CHECK."
    return words.steps(
        words.migration(add, comment=comment if harm.new else "Migration 1."),
        words.migration(validate, comment="Migration 2."),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
