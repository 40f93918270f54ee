"""Batches ask for transactions of their own by durable=True, in a migration that is atomic.

verdict: unsafe
categories: fails
reason: Django refuses a durable block inside another transaction, and an atomic migration is one.
"""

from django.core.paginator import Paginator
from django.db import migrations, models, transaction


def mark_exported(apps, schema_editor):
    Booking = apps.get_model("export_rows_durable_in_atomic", "Booking")
    pages = Paginator(Booking.objects.order_by("pk").values_list("pk", flat=True), 1000)
    for page in pages:
        with transaction.atomic(durable=True):
            Booking.objects.filter(pk__in=list(page.object_list)).update(exported=True)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Booking",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=20)),
                ("exported", models.BooleanField(null=True)),
            ],
        ),
    ]


class MarkExported(migrations.Migration):
    dependencies = [("export_rows_durable_in_atomic", "0001_initial")]
    operations = [migrations.RunPython(mark_exported, migrations.RunPython.noop, atomic=False)]
