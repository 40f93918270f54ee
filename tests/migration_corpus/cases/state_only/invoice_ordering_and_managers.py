"""The options and managers of a model change.

verdict: safe
reason: Order, names, permissions and managers live in Python.
"""

import django.db.models.manager
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=20)),
            ],
        ),
    ]


class ChangeOptions(migrations.Migration):
    dependencies = [("invoice_ordering_and_managers", "0001_initial")]
    operations = [
        migrations.AlterModelOptions(
            "invoice",
            {"ordering": ["-number"], "verbose_name": "bill", "permissions": [("pay_invoice", "Can pay")]},
        ),
        migrations.AlterModelManagers("invoice", [("bills", django.db.models.manager.Manager())]),
    ]
