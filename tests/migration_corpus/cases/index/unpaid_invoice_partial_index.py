"""A small partial index for reminders; few invoices are in it.

verdict: unsafe
categories: blocking
reason: The condition makes the index small, not its build: all invoices are read under SHARE.
"""

from django.db import migrations, models
from django.db.models import F, Q


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO billing_invoice (number, debtor, gross, currency, due_on, paid_on) "
        "SELECT 'R' || n, 'Debtor ' || n, n %% 900, 'EUR', date '2026-01-01' + n %% 365, "
        "CASE n %% 20 WHEN 0 THEN NULL ELSE date '2026-02-01' END FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=32)),
                ("debtor", models.CharField(max_length=160)),
                ("gross", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("due_on", models.DateField()),
                ("paid_on", models.DateField(blank=True, null=True)),
            ],
            options={"db_table": "billing_invoice"},
        ),
    ]


class IndexUnpaidInvoices(migrations.Migration):
    dependencies = [("unpaid_invoice_partial_index", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="Invoice",
            index=models.Index(
                F("due_on").asc(),
                condition=Q(paid_on__isnull=True),
                include=("debtor",),
                name="invoice_unpaid_due_idx",
            ),
        ),
    ]
