"""Python calls a method that the historical model does not have.

verdict: unsafe
categories: fails
reason: Models of a migration have fields and no methods of the class; the first row raises AttributeError.
"""

from django.db import migrations, models


def fill_totals(apps, schema_editor):
    for invoice in apps.get_model("invoice_totals_by_missing_method", "Invoice").objects.all():
        invoice.total = invoice.compute_total()
        invoice.save(update_fields=["total"])


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("net", models.IntegerField()),
                ("total", models.IntegerField(null=True)),
            ],
        ),
    ]


class FillTotals(migrations.Migration):
    dependencies = [("invoice_totals_by_missing_method", "0001_initial")]
    operations = [
        migrations.RunPython(fill_totals, migrations.RunPython.noop),
    ]
