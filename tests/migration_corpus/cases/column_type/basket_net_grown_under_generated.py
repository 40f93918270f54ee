"""Amounts may have more digits, and a generated column is computed of them.

verdict: unsafe
categories: fails
reason: PostgreSQL refuses to alter the type of a column that a generated column uses, with or without rows.
"""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import F


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Basket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("session_key", models.CharField(max_length=40)),
                ("net", models.DecimalField(max_digits=8, decimal_places=2)),
                (
                    "gross",
                    models.GeneratedField(
                        expression=F("net") * Decimal("1.19"),
                        output_field=models.DecimalField(max_digits=12, decimal_places=4),
                        db_persist=True,
                    ),
                ),
            ],
        ),
    ]


class LargerBaskets(migrations.Migration):
    dependencies = [("basket_net_grown_under_generated", "0001_initial")]
    operations = [
        migrations.AlterField("basket", "net", models.DecimalField(max_digits=12, decimal_places=2)),
    ]
