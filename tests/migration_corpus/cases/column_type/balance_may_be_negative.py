"""Balances may fall below zero: a PositiveIntegerField becomes an IntegerField.

verdict: safe
reason: Both are four bytes; all that happens is that the CHECK against negative numbers is dropped.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "LoyaltyCard",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("balance", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]


class NegativeBalances(migrations.Migration):
    dependencies = [("balance_may_be_negative", "0001_initial")]
    operations = [migrations.AlterField("loyaltycard", "balance", models.IntegerField(default=0))]
