"""Amounts may have more digits before the point.

verdict: safe
reason: numeric(10, 2) to numeric(14, 2) keeps the scale: the catalogue alone changes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Payment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("provider", models.CharField(max_length=20, default="stripe")),
                ("provider_ref", models.CharField(max_length=64, unique=True)),
                ("amount", models.DecimalField(max_digits=10, decimal_places=2)),
                ("fee", models.DecimalField(max_digits=6, decimal_places=2, default=0)),
                ("captured_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class WiderAmount(migrations.Migration):
    dependencies = [("payment_amount_wider_precision", "0001_initial")]
    operations = [
        migrations.AlterField("payment", "amount", models.DecimalField(max_digits=14, decimal_places=2)),
        migrations.AlterField(
            "payment", "fee", models.DecimalField(max_digits=10, decimal_places=2, default=0)
        ),
    ]
