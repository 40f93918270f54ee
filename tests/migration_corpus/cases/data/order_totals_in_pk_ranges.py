"""Batches by pk range in a migration that is not atomic: every batch commits on its own.

verdict: safe
reason: With atomic = False each update() is its own transaction and touches a thousand rows at most.
"""

from django.db import migrations, models
from django.db.models import F, Max, Min

BATCH_SIZE = 1000


def backfill_gross_totals(apps, schema_editor):
    Order = apps.get_model("order_totals_in_pk_ranges", "Order")
    bounds = Order.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if bounds["first"] is None:
        return
    for start in range(bounds["first"], bounds["last"] + 1, BATCH_SIZE):
        Order.objects.filter(pk__range=(start, start + BATCH_SIZE - 1)).update(
            gross_total=F("net_total") + F("shipping")
        )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=20)),
                ("net_total", models.DecimalField(max_digits=10, decimal_places=2)),
                ("shipping", models.DecimalField(max_digits=10, decimal_places=2, default=0)),
                ("gross_total", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
                (
                    "status",
                    models.CharField(
                        max_length=10, choices=[("open", "Open"), ("paid", "Paid")], default="open"
                    ),
                ),
            ],
        ),
    ]


class BackfillGrossTotals(migrations.Migration):
    atomic = False
    dependencies = [("order_totals_in_pk_ranges", "0001_initial")]
    operations = [migrations.RunPython(backfill_gross_totals, migrations.RunPython.noop, elidable=True)]
