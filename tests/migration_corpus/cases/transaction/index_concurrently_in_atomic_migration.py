"""AddIndexConcurrently in a migration that forgot atomic = False.

verdict: unsafe
categories: fails
reason: CREATE INDEX CONCURRENTLY cannot run in a transaction; Django refuses with NotSupportedError.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Delivery",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "state",
                    models.CharField(
                        max_length=12,
                        choices=[("planned", "Planned"), ("under_way", "Under way"), ("done", "Done")],
                        default="planned",
                    ),
                ),
                ("driver", models.CharField(max_length=80, null=True)),
                ("planned_for", models.DateField()),
            ],
            options={"verbose_name_plural": "deliveries"},
        ),
    ]


class IndexDeliveries(migrations.Migration):
    dependencies = [("index_concurrently_in_atomic_migration", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "delivery", models.Index(fields=["state", "planned_for"], name="delivery_state_planned_idx")
        ),
    ]
