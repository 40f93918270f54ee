"""Batches by pk range, each in transaction.atomic(), in a migration that is itself atomic.

verdict: unsafe
categories: bulk_write
reason: In an atomic migration atomic() is a savepoint; no batch commits before the last one is done.
"""

from django.db import migrations, models, transaction
from django.db.models import F, Max

BATCH_SIZE = 1000


def backfill_totals(apps, schema_editor):
    Invoice = apps.get_model("batches_inside_one_transaction", "Invoice")
    last_pk = Invoice.objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(1, last_pk + 1, BATCH_SIZE):
        with transaction.atomic():
            Invoice.objects.filter(pk__gte=start, pk__lt=start + BATCH_SIZE).update(
                total=F("net_amount") + F("tax_amount")
            )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=20)),
                ("net_amount", models.DecimalField(max_digits=12, decimal_places=2)),
                ("tax_amount", models.DecimalField(max_digits=12, decimal_places=2)),
                ("total", models.DecimalField(max_digits=14, decimal_places=2, null=True)),
                ("issued_on", models.DateField()),
            ],
        ),
    ]


class BackfillTotals(migrations.Migration):
    dependencies = [("batches_inside_one_transaction", "0001_initial")]
    operations = [migrations.RunPython(backfill_totals, migrations.RunPython.noop)]
