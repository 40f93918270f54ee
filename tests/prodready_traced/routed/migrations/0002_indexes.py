"""An index in each database, and code that asks where it is."""

from typing import Any, ClassVar

from django.db import connections, migrations, models, router


def fill(apps: Any, editor: Any) -> None:
    """Write to what is here, by the alias that the migration is given and by the name of another one."""
    alias = editor.connection.alias
    name = "Event" if alias == "events" else "Kind"
    if not router.allow_migrate(alias, "routed", model_name=name.lower()):
        raise LookupError(name)
    rows = apps.get_model("routed", name).objects.using(alias)
    if rows.using("default").count() != rows.count() or len(connections.all()) != 2:
        raise LookupError(alias)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("routed", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("kind", models.Index(fields=["code"], name="slow_kind")),
        migrations.AddIndex("event", models.Index(fields=["name"], name="slow_event")),
    ]
