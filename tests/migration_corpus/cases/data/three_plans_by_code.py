"""New prices for three plans, found by their unique code.

verdict: safe
reason: The update reaches at most three rows of the table, by its unique index.
"""

from decimal import Decimal

from django.db import migrations, models

NEW_PRICES = {"starter": Decimal("9.00"), "team": Decimal("29.00"), "business": Decimal("99.00")}


def raise_prices(apps, schema_editor):
    Plan = apps.get_model("three_plans_by_code", "Plan")
    for code, price in NEW_PRICES.items():
        Plan.objects.filter(code=code).update(monthly_price=price)
    Plan.objects.filter(code__in=["starter", "team"]).update(is_featured=False)


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO three_plans_by_code_plan (code, name, monthly_price, max_users, is_featured)"
        " SELECT 'custom-' || n, 'Custom ' || n, 10, 5, true FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO three_plans_by_code_plan (code, name, monthly_price, is_featured) VALUES"
        " ('starter', 'Starter', 8, true), ('team', 'Team', 25, true), ('business', 'Business', 90, false)"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Plan",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("monthly_price", models.DecimalField(max_digits=8, decimal_places=2)),
                ("max_users", models.IntegerField(null=True)),
                ("is_featured", models.BooleanField(default=False)),
            ],
        ),
    ]


class RaisePrices(migrations.Migration):
    dependencies = [("three_plans_by_code", "0001_initial")]
    operations = [migrations.RunPython(raise_prices, migrations.RunPython.noop)]
