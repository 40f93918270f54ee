"""A required column with a default in the database, and an index on it that is built concurrently.

verdict: safe
reason: The column commits before the index is begun, since the migration is not atomic; the default is the
    catalogue's and the index lets writers through.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Incident",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("service", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
            ],
        ),
    ]


class Severity(migrations.Migration):
    atomic = False
    dependencies = [("incident_severity_default_then_index", "0001_initial")]
    operations = [
        migrations.AddField(
            "incident",
            "severity",
            models.SmallIntegerField(choices=[(1, "Page"), (2, "Mail"), (3, "Log")], default=3, db_default=3),
        ),
        AddIndexConcurrently(
            "incident", models.Index("severity", "opened_at", name="incident_severity_opened")
        ),
    ]
