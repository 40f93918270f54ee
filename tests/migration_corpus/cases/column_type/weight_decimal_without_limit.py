"""A decimal loses its limit of digits, in SQL.

verdict: safe
reason: numeric(8,2) to numeric without a limit changes the catalogue alone, and every old value fits.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Crate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("weight", models.DecimalField(max_digits=8, decimal_places=2)),
            ],
        ),
    ]


class AnyWeight(migrations.Migration):
    dependencies = [("weight_decimal_without_limit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE weight_decimal_without_limit_crate ALTER COLUMN weight TYPE numeric",
            "ALTER TABLE weight_decimal_without_limit_crate ALTER COLUMN weight TYPE numeric(8, 2)",
        ),
    ]
