"""The way to NOT NULL on which nobody waits for rows to be read: it is proven by a CHECK constraint first."""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.rules import _words as words


def proven_before(harm: Harm, last: str) -> str:
    """Write the migrations for the column of ``harm``; ``last``: the operation that makes it NOT NULL."""
    model, name = words.model(harm), constraint_name(harm)
    check = f'models.CheckConstraint(condition=models.Q({harm.field}__isnull=False), name="{name}")'
    return words.steps(
        words.migration(
            f'AddConstraintNotValid("{model}", {check})',
            comment="Migration 1, once the code writes no NULL any more. Then fill the rows that are "
            "NULL, in batches.",
        ),
        words.migration(f'ValidateConstraint("{model}", name="{name}")', comment="Migration 2."),
        words.migration(
            last, f'migrations.RemoveConstraint("{model}", name="{name}")', comment="Migration 3."
        ),
    )


def set_not_null(harm: Harm) -> str:
    """Write the SQL that makes the column of ``harm`` NOT NULL."""
    return f"ALTER TABLE {words.quoted(harm.table)} ALTER COLUMN {words.listed(harm)} SET NOT NULL"


def constraint_name(harm: Harm) -> str:
    """Name the constraint that proves it."""
    return words.constraint_name(Harm(rule="", table=harm.table, columns=harm.columns), "not_null")
