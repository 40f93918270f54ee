"""An integer becomes a decimal that every integer fits.

verdict: unsafe
categories: blocking
reason: Every row is rewritten; both releases write numbers that the column takes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Sensor",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("count", models.IntegerField()),
            ],
        ),
    ]


class CountAsDecimal(migrations.Migration):
    dependencies = [("sensor_count_int_to_decimal", "0001_initial")]
    operations = [
        migrations.AlterField("sensor", "count", models.DecimalField(max_digits=14, decimal_places=2)),
    ]
