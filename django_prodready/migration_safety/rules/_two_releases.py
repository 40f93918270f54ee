"""The way to drop a column over two releases: the models forget it first."""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.rules import _words as words


def dropped(harm: Harm) -> str:
    """Write the migrations for the column of ``harm``; the last of them alone where no field is known."""
    model, field = words.model(harm), harm.field
    column, table = words.listed(harm), words.quoted(harm.table)
    drop = words.migration(
        words.run_sql(f"ALTER TABLE {table} DROP COLUMN {column}", ""),
        comment="The next release, once no process of the old one is left.",
    )
    if not model or not field:
        return drop
    remove = f'migrations.RemoveField("{model}", "{field}")'
    keep = words.run_sql(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL", "")
    return words.steps(
        words.migration(
            words.separate(keep, remove),
            comment="This release: the models forget the field, and rows without it are accepted.",
        ),
        drop,
    )
