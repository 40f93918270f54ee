"""Meters get a nullable column, and a new table is filled with sums of their readings, without a transaction.

verdict: safe
reason: Each operation commits by itself: the column's lock is gone before the readings are summed, and they
    are only read.
"""

from django.db import migrations, models

APP = "meter_column_then_readings_summed_apart"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Meter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("place", models.CharField(max_length=80)),
            ],
            options={"db_table": "grid_meter"},
        ),
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("meter", models.ForeignKey(f"{APP}.meter", models.CASCADE)),
                ("units", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "grid_reading"},
        ),
    ]


class MonthlyUnits(migrations.Migration):
    atomic = False
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddField("meter", "remark", models.CharField(max_length=200, null=True)),
        migrations.CreateModel(
            "MonthlyUnits",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("meter_ref", models.BigIntegerField()),
                ("month", models.DateField()),
                ("units", models.BigIntegerField()),
            ],
            options={"db_table": "grid_monthly_units"},
        ),
        migrations.RunSQL(
            "INSERT INTO grid_monthly_units (meter_ref, month, units) "
            "SELECT meter_id, date_trunc('month', at)::date, sum(units) FROM grid_reading GROUP BY 1, 2",
            migrations.RunSQL.noop,
        ),
    ]
