"""PostgreSQL is left alone by an early return.

verdict: safe
reason: The function ends before it updates anything.
"""

from django.db import migrations, models
from django.db.models.functions import Trim


def trim(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        return
    apps.get_model("titles_trimmed_unless_postgresql", "Talk").objects.update(title=Trim("title"))


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Talk",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class TrimTitles(migrations.Migration):
    dependencies = [("titles_trimmed_unless_postgresql", "0001_initial")]
    operations = [
        migrations.RunPython(trim, migrations.RunPython.noop),
    ]
