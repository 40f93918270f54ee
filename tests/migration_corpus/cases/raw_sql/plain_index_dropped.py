"""An index is dropped the plain way.

verdict: safe
reason: The lock is strong and short.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("page", models.CharField(max_length=100)),
            ],
            options={"indexes": [models.Index(fields=["page"], name="plain_index_dropped_idx")]},
        ),
    ]


class DropIndex(migrations.Migration):
    dependencies = [("plain_index_dropped", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX IF EXISTS plain_index_dropped_idx",
            "CREATE INDEX plain_index_dropped_idx ON plain_index_dropped_visit (page)",
            state_operations=[migrations.RemoveIndex("visit", "plain_index_dropped_idx")],
        ),
    ]
