"""A flag whose default lives in Python alone.

verdict: unsafe
categories: incompatible
reason: Django drops the column default right after ADD COLUMN. The deployed release leaves the
    column out of its INSERT and gets a NOT NULL violation.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("company", models.CharField(max_length=120)),
                ("vat_number", models.CharField(max_length=20, blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "customer",
                    models.ForeignKey("invoice_paid_flag_python_default.customer", models.PROTECT),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("total", models.DecimalField(max_digits=10, decimal_places=2)),
                ("currency", models.CharField(max_length=3, default="EUR")),
                ("due_on", models.DateField()),
            ],
        ),
    ]


class InvoiceIsPaid(migrations.Migration):
    dependencies = [("invoice_paid_flag_python_default", "0001_initial")]
    operations = [
        migrations.AddField("invoice", "is_paid", models.BooleanField(default=False)),
    ]
