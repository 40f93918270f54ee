"""A nullable column and its backfill in one atomic migration.

verdict: unsafe
categories: blocking, bulk_write
reason: The ACCESS EXCLUSIVE lock of ADD COLUMN lasts until commit; readers and writers wait for the UPDATE.
"""

from django.db import migrations, models
from django.db.models import F


def backfill(apps, schema_editor):
    Ticket = apps.get_model("column_and_backfill_in_one_transaction", "Ticket")
    Ticket.objects.filter(last_activity_at__isnull=True).update(last_activity_at=F("created_at"))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                (
                    "priority",
                    models.SmallIntegerField(choices=[(1, "Low"), (2, "Normal"), (3, "High")], default=2),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]


class LastActivity(migrations.Migration):
    dependencies = [("column_and_backfill_in_one_transaction", "0001_initial")]
    operations = [
        migrations.AddField("ticket", "last_activity_at", models.DateTimeField(null=True)),
        migrations.RunPython(backfill, migrations.RunPython.noop),
    ]
