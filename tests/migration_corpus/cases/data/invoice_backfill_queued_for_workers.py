"""The work on all invoices is handed to the workers: the migration writes one row into their queue.

verdict: safe
reason: The dangerous UPDATE is text in a row that is inserted; of the invoices only the ends of the key are
    read.
"""

from django.db import migrations, models
from django.db.models import Max, Min

APP = "invoice_backfill_queued_for_workers"
STATEMENT = "UPDATE {table} SET gross = net + vat WHERE id BETWEEN {low} AND {high}"


def queue_backfill(apps, schema_editor):
    Invoice = apps.get_model(APP, "Invoice")
    BackgroundMigration = apps.get_model(APP, "BackgroundMigration")
    ends = Invoice.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return
    BackgroundMigration.objects.get_or_create(
        name="backfill_invoice_gross",
        defaults={"statement": STATEMENT, "low": ends["low"], "high": ends["high"], "batch_size": 1000},
    )


def unqueue_backfill(apps, schema_editor):
    apps.get_model(APP, "BackgroundMigration").objects.filter(name="backfill_invoice_gross").delete()


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("net", models.DecimalField(max_digits=12, decimal_places=2)),
                ("vat", models.DecimalField(max_digits=12, decimal_places=2)),
                ("gross", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
            ],
        ),
        migrations.CreateModel(
            "BackgroundMigration",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("statement", models.TextField()),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("batch_size", models.IntegerField(default=1000)),
            ],
        ),
    ]


class QueueBackfill(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [migrations.RunPython(queue_backfill, unqueue_backfill)]
