"""Writes the migration that fills rows in batches, with the project's own names."""

from __future__ import annotations

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.rules import _words as words

_TEMPLATE = """\
def fill(apps, schema_editor):
    rows = apps.get_model("{app}", "{model}").objects.using(schema_editor.connection.alias)
    keys = rows.order_by("pk").values_list("pk", flat=True)
    batch = list(keys[:1000])
    while batch:
        rows.filter(pk__in=batch).{change}  # each batch is a transaction of its own
        batch = list(keys.filter(pk__gt=batch[-1])[:1000])
"""


def batches(harm: Harm) -> str:
    """Write a migration that fills the rows of the model in batches, or deletes them."""
    change = "delete()" if harm.detail == "DELETE" else f"update({harm.field or 'field'}=...)"
    function = _TEMPLATE.format(app=harm.app_label or "...", model=harm.model or "...", change=change)
    return f"{function}\n\n" + words.migration(
        "migrations.RunPython(fill, migrations.RunPython.noop)",
        comment="A migration of its own, after the one that changes the schema.",
        atomic=False,
    )
