"""Receipts get their searchable numbers, two thousand in each durable transaction.

verdict: safe
reason: The migration is not atomic and durable=True would refuse to be inside another transaction; each
    batch commits.
"""

from django.db import migrations, models, transaction

SIZE = 2000


def number_receipts(apps, schema_editor):
    Receipt = apps.get_model("receipts_in_durable_batches", "Receipt")
    last = 0
    while True:
        with transaction.atomic(durable=True):
            batch = list(Receipt.objects.filter(pk__gt=last).order_by("pk")[:SIZE])
            for receipt in batch:
                receipt.search_number = receipt.number.lower().lstrip("0")
            Receipt.objects.bulk_update(batch, ["search_number"])
        if len(batch) < SIZE:
            return
        last = batch[-1].pk


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Receipt",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=30)),
                ("search_number", models.CharField(max_length=30, blank=True, default="")),
            ],
        ),
    ]


class NumberReceipts(migrations.Migration):
    atomic = False
    dependencies = [("receipts_in_durable_batches", "0001_initial")]
    operations = [migrations.RunPython(number_receipts, migrations.RunPython.noop)]
