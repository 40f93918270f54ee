"""Rates get more digits behind the point.

verdict: unsafe
categories: blocking
reason: Another scale means that every value is written anew: a rewrite under ACCESS EXCLUSIVE. As
    many digits are left before the point, so nothing overflows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "ExchangeRate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("base", models.CharField(max_length=3)),
                ("quote", models.CharField(max_length=3)),
                ("rate", models.DecimalField(max_digits=10, decimal_places=4)),
                ("valid_on", models.DateField()),
            ],
        ),
    ]


class PreciseRate(migrations.Migration):
    dependencies = [("payment_rate_more_decimals", "0001_initial")]
    operations = [
        migrations.AlterField("exchangerate", "rate", models.DecimalField(max_digits=14, decimal_places=8)),
    ]
