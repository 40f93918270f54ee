"""Queries of the deployed or of the new release fail after the migration.

What happens
------------
The queries that a release makes of its models were run against the database as the migration leaves it, and
one of them failed: a trigger that refuses, a view that is gone, a constraint that old values violate.

Why it matters
--------------
During a rolling deployment both releases serve, on one database.

The safe way
------------
Split the change: first what both releases can live with, then, once the old one is gone, the rest.

When it is intended
-------------------
When the old release is stopped before the migration runs.

References
----------
[Explicit locking](https://www.postgresql.org/docs/current/explicit-locking.html),
[migrations](https://docs.djangoproject.com/en/stable/topics/migrations/)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import Example, declare
from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.static.triggers import broken_triggers
from django_prodready.migration_safety.static.view import View

UNSAFE = (
    Example(
        operations="""
migrations.RunSQL(
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN NEW.touched := now(); RETURN NEW; END $$"
),
migrations.RunSQL(
    "CREATE TRIGGER touch BEFORE INSERT ON shop_tag FOR EACH ROW EXECUTE FUNCTION touch()"
),
""",
    ),
)
SAFE = (Example(operations="migrations.RunSQL(\"COMMENT ON TABLE shop_tag IS 'labels'\")", needs_trace=True),)


def infer(view: View) -> Iterator[Harm]:
    """Yield a harm for each trigger that names a column which its table does not have any more, or yet."""
    for table in view.after.values():
        before = view.before.get(table.name)
        was_broken = set(broken_triggers(before, view.before)) if before is not None else set()
        for trigger, column in broken_triggers(table, view.after):
            for model in view.deployed_on(table.name) if (trigger, column) not in was_broken else ():
                yield Harm(
                    rule="incompatible-change",
                    app_label=model.key[0],
                    model=model.name,
                    table=table.name,
                    columns=(column,),
                    name=trigger,
                )


def word(harm: Harm) -> Words:
    """Say what fails. ``old``: "new code" where that is what fails; ``detail``: the kind of query, "INSERT".

    ``name``: of a trigger that names columns which are not there.
    """
    who = "new code" if harm.old == "new code" else "deployed release"
    query = f"{harm.detail} queries" if harm.detail else "Queries"
    place = words.table(harm) if harm.name or not harm.columns else words.columns(harm)
    reason = f": the trigger {harm.name} names {words.listed(harm)}, which is not there" if harm.name else ""
    return Words(
        message=f"{query} of the {who} on {place} fail after this migration{reason}.",
        hint="Split the change in two releases, so that the deployed and the new code both work after "
        "each migration.",
        safe_way=words.plan(
            "This release: change only what the deployed code can live with.",
            "The next release: the rest, once no process of the old one is left.",
        ),
    )


RULE = declare(category=Category.INCOMPATIBLE, word=word, infer=infer)
