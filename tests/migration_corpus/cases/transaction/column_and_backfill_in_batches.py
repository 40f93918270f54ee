"""A nullable column and its backfill in one migration that is not atomic, batch by batch.

verdict: safe
reason: ADD COLUMN commits by itself and its lock is gone; each batch of 500 rows is a transaction of its own.
"""

from django.db import migrations, models, transaction
from django.db.models import F


def backfill(apps, schema_editor):
    Ticket = apps.get_model("column_and_backfill_in_batches", "Ticket")
    last_pk = 0
    while True:
        with transaction.atomic(using=schema_editor.connection.alias):
            batch = list(
                Ticket.objects.filter(pk__gt=last_pk).order_by("pk").values_list("pk", flat=True)[:500]
            )
            Ticket.objects.filter(pk__in=batch).update(last_activity_at=F("created_at"))
        if not batch:
            break
        last_pk = batch[-1]


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
    atomic = False
    dependencies = [("column_and_backfill_in_batches", "0001_initial")]
    operations = [
        migrations.AddField("ticket", "last_activity_at", models.DateTimeField(null=True)),
        migrations.RunPython(backfill, migrations.RunPython.noop),
    ]
