"""A table that the release before gave up is rewritten.

verdict: safe
reason: The deployed release has no model of it, so that nobody waits.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Import",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("size", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            "Feed",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class ForgetImport(migrations.Migration):
    dependencies = [("retired_import_table_rewritten", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Import")]),
    ]


class WidenSize(migrations.Migration):
    dependencies = [("retired_import_table_rewritten", "0002_forget_import")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE retired_import_table_rewritten_import ALTER COLUMN size TYPE bigint",
            "ALTER TABLE retired_import_table_rewritten_import ALTER COLUMN size TYPE integer",
        ),
    ]
