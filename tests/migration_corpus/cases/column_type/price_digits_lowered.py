"""A decimal of twelve digits is cut to eight.

verdict: unsafe
categories: blocking, incompatible
reason: Each value is checked in a rewrite, and prices that the deployed release accepts no longer fit.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Product",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("price", models.DecimalField(max_digits=12, decimal_places=2)),
            ],
        ),
    ]


class FewerDigits(migrations.Migration):
    dependencies = [("price_digits_lowered", "0001_initial")]
    operations = [
        migrations.AlterField("product", "price", models.DecimalField(max_digits=8, decimal_places=2)),
    ]
