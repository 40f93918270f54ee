"""A whole table is read while the migration holds a lock that blocks others.

What happens
------------
A lock lasts until the transaction ends. A query that counts or reads a whole table after an `ALTER TABLE`
in the same migration, after `LOCK TABLE`, or in a trigger or a DO block, keeps everybody waiting for as
long as it takes.

Why it matters
--------------
The change itself would have needed a moment; the query after it makes the outage.

The safe way
------------
Two migrations: one that changes the schema, one that reads.

When it is intended
-------------------
Where the table that is read is small for certain.

References
----------
[Explicit locking](https://www.postgresql.org/docs/current/explicit-locking.html),
[data migrations](https://docs.djangoproject.com/en/stable/topics/migrations/#data-migrations)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.AlterField(
    "book", "subtitle", models.CharField(max_length=100, default="none"), preserve_default=False
),
""",
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="known")
),
postgres.ValidateConstraint("book", name="known"),
""",
    ),
    Example(
        operations="""
migrations.AddField("author", "x", models.IntegerField(null=True)),
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
migrations.AddField("author", "x", models.IntegerField(null=True)),
postgres.ValidateConstraint("book", name="known"),
""",
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(stock__gte=0), name="known")
),
""",
        atomic=False,
    ),
    Example(
        operations="""
migrations.AlterField(
    "book", "subtitle", models.CharField(max_length=100, default="none"), preserve_default=False
),
""",
        deployed="""
postgres.AddConstraintNotValid(
    "book", models.CheckConstraint(condition=models.Q(subtitle__isnull=False), name="known")
),
postgres.ValidateConstraint("book", name="known"),
""",
        atomic=False,
    ),
)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each table in use that is read while a lock taken before keeps writers waiting."""
    for act in view.acts:
        if act.is_existing and act.held and isinstance(act.effect, e.ReadRows | e.ValidateConstraint):
            read = act.effect.table
            if read in act.held and isinstance(act.effect, e.ValidateConstraint):
                continue  # told by the rules for constraints
            locked = read if read in act.held else next(iter(act.held))
            names = {"table": locked, "model": None, "field": None} if locked != read else {}
            yield view.harm("scan-under-lock", act, other_table=read if locked != read else None, **names)


def word(harm: Harm) -> Words:
    """Say that they wait. ``other_table``: what is read, where it is another table than the locked one."""
    read = harm.other_table or harm.table
    whole = f"the whole of {read}" if read else "a whole table"
    return Words(
        message=f"{words.blocked(harm, words.ACCESS_EXCLUSIVE)} wait while {whole} is read: "
        f"{words.held(harm, words.ACCESS_EXCLUSIVE)} was taken before, and lasts until the transaction ends.",
        hint="Move what reads the table into a migration of its own.",
        safe_way=words.plan(
            "A migration with the operations that change the schema.",
            "A migration after it with the operation that reads, which then holds no lock.",
        ),
    )


RULE = declare(category=Category.BLOCKING, word=word, infer=infer)
