"""An exclusion constraint is added to an existing table: its index is built while nobody can read.

What happens
------------
`ADD CONSTRAINT … EXCLUDE` takes an ACCESS EXCLUSIVE lock and reads the whole table to build its index,
comparing each row with those that are in it already.

Why it matters
--------------
Every request that touches the table waits. An exclusion index is slower to build than an ordinary one.

The safe way
------------
There is none on PostgreSQL: an exclusion constraint cannot take over an index that was built before. Add it
while the site is stopped, or to a new table that then takes the place of the old one.

When it is intended
-------------------
On a small table, or in a maintenance window.

References
----------
[ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html),
[ExclusionConstraint](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/constraints/#exclusionconstraint)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Kind
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        code="from django.contrib.postgres.constraints import ExclusionConstraint",
        operations="""
migrations.AddConstraint(
    "shelf", ExclusionConstraint(name="apart", expressions=[(models.F("number"), "=")])
),
""",
        deployed="""
postgres.BtreeGistExtension(),
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
""",
    ),
)
SAFE = (
    Example(
        code="from django.contrib.postgres.constraints import ExclusionConstraint",
        operations="""
postgres.BtreeGistExtension(),
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddConstraint(
    "shelf", ExclusionConstraint(name="apart", expressions=[(models.F("number"), "=")])
),
""",
    ),
    Example(
        code="from django.contrib.postgres.constraints import ExclusionConstraint",
        operations='migrations.RemoveConstraint("shelf", "apart")',
        deployed="""
postgres.BtreeGistExtension(),
migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
),
migrations.AddConstraint(
    "shelf", ExclusionConstraint(name="apart", expressions=[(models.F("number"), "=")])
),
""",
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each exclusion constraint on a table in use."""
    for act, effect in view.on_awaited(e.AddConstraint):
        if effect.constraint.kind is Kind.EXCLUSION:
            yield view.harm("exclusion-constraint", act, name=effect.constraint.name)


def word(harm: Harm) -> Words:
    """Say that all wait."""
    table = words.table(harm)
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while "
        f"{words.named('exclusion constraint', harm)} "
        f"is built: ADD CONSTRAINT holds {words.held(harm, words.ACCESS_EXCLUSIVE)} for as long as it "
        "reads the table.",
        hint="Add the exclusion constraint while the site is stopped, or to a new table that replaces "
        "this one.",
        safe_way=words.plan(
            f"Create a new table like {table}, with the exclusion constraint.",
            f"Keep it in step with {table}: a trigger, or writes to both from the code.",
            "Copy the rows in batches, in a migration with atomic = False.",
            "Exchange the names of the two tables in one short migration.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
