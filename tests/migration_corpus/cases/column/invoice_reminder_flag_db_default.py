"""A flag whose default stays in the database.

verdict: safe
reason: db_default keeps DEFAULT false on the column, so the deployed release's INSERT goes on
    working; a constant default is kept in the catalogue and the table is not rewritten.
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
            ],
        ),
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "customer",
                    models.ForeignKey("invoice_reminder_flag_db_default.customer", models.PROTECT),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("total", models.DecimalField(max_digits=10, decimal_places=2)),
                ("due_on", models.DateField()),
            ],
        ),
    ]


class InvoiceReminderSent(migrations.Migration):
    dependencies = [("invoice_reminder_flag_db_default", "0001_initial")]
    operations = [
        migrations.AddField("invoice", "reminder_sent", models.BooleanField(default=False, db_default=False)),
    ]
