"""Runs after a migration of another app that does not depend on it."""

from typing import Any, ClassVar

from django.db import migrations, models


def look(apps: Any, editor: Any) -> None:
    """Fail where the other app's column is not there yet."""
    editor.execute("SELECT late FROM grown_post")
    editor.execute("SELECT name FROM plain_setting")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("members", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(look, migrations.RunPython.noop),
        migrations.AddIndex("member", models.Index(fields=["name"], name="slow_member")),
    ]
