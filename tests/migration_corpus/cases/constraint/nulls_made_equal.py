"""Two rows without a region count as the same from now on.

verdict: unsafe
categories: blocking
reason: nulls_distinct cannot be changed in place: the constraint is dropped and its index built anew.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO nulls_made_equal_tariff (code, region, cents_per_kwh, valid_from) "
        "SELECT 'T' || n, CASE WHEN n %% 2 = 0 THEN 'north' END, 31, current_date "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Tariff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30)),
                ("region", models.CharField(max_length=30, null=True)),
                ("cents_per_kwh", models.DecimalField(decimal_places=3, max_digits=8)),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "region"), name="tariff_code_region")]
            },
        ),
    ]


class OneTariffWithoutRegion(migrations.Migration):
    dependencies = [("nulls_made_equal", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="tariff", name="tariff_code_region"),
        migrations.AddConstraint(
            model_name="tariff",
            constraint=models.UniqueConstraint(
                fields=("code", "region"), name="tariff_code_region", nulls_distinct=False
            ),
        ),
    ]
