"""A new model arrives with its indexes, beside an old model that is left alone.

verdict: safe
reason: The indexes are built on the table that the same migration creates; it is empty and nobody knows it.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Vehicle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("plate", models.CharField(max_length=12)),
                ("make", models.CharField(max_length=40)),
                ("model_year", models.SmallIntegerField(null=True)),
                ("in_service", models.BooleanField(default=True)),
            ],
        ),
    ]


class Position(migrations.Migration):
    dependencies = [("index_on_table_made_here", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("speed_kmh", models.FloatField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "vehicle",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="index_on_table_made_here.vehicle"
                    ),
                ),
            ],
        ),
        migrations.AddIndex("position", BrinIndex(fields=["at"], name="position_at_brin")),
        migrations.AddIndex(
            "position", models.Index(fields=["vehicle", "-at"], name="position_vehicle_at_idx")
        ),
        migrations.RunSQL(
            "CREATE INDEX position_grid_idx ON index_on_table_made_here_position "
            "(round(latitude::numeric, 2), round(longitude::numeric, 2))",
            "DROP INDEX position_grid_idx",
        ),
    ]
