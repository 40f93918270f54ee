"""An index is dropped concurrently in an atomic migration.

verdict: unsafe
categories: fails
reason: Django refuses it: DROP INDEX CONCURRENTLY cannot run in a transaction.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
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
            options={
                "indexes": [
                    models.Index(fields=["page"], name="stale_index_dropped_concurrently_in_atomic_idx")
                ]
            },
        ),
    ]


class DropIndex(migrations.Migration):
    dependencies = [("stale_index_dropped_concurrently_in_atomic", "0001_initial")]
    operations = [
        RemoveIndexConcurrently("visit", "stale_index_dropped_concurrently_in_atomic_idx"),
    ]
