"""A model with its indexes, constraints, reference data and a type change, all of it in one migration.

verdict: safe
reason: Scans, index builds, rewrites and updates are all of a table that nobody knows before the commit.
"""

from django.db import migrations, models
from django.db.models.functions import Upper

AIRPORTS = [("ham", "Hamburg", 53.63), ("lhr", "London Heathrow", 51.47), ("cdg", "Paris", 49.01)]


def load_airports(apps, schema_editor):
    Airport = apps.get_model("everything_on_a_new_table", "Airport")
    Airport.objects.bulk_create(
        [Airport(code=code, name=name, latitude=latitude) for code, name, latitude in AIRPORTS]
    )
    Airport.objects.update(code=Upper("code"))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Flight",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=8)),
                ("origin", models.CharField(max_length=3)),
                ("destination", models.CharField(max_length=3)),
                ("departs_at", models.DateTimeField()),
            ],
        ),
    ]


class Airports(migrations.Migration):
    dependencies = [("everything_on_a_new_table", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Airport",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=3)),
                ("name", models.CharField(max_length=80)),
                ("latitude", models.FloatField(null=True)),
                ("gates", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunPython(load_airports, migrations.RunPython.noop),
        migrations.RunSQL(
            "update everything_on_a_new_table_airport set gates = 10;"
            " delete from everything_on_a_new_table_airport where latitude is null",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("airport", "gates", models.BigIntegerField(default=0)),
        migrations.AddField("airport", "runways", models.PositiveSmallIntegerField(default=1)),
        migrations.AlterField("airport", "latitude", models.FloatField()),
        migrations.AddIndex("airport", models.Index(Upper("name"), name="airport_upper_name_idx")),
        migrations.AddConstraint(
            "airport", models.UniqueConstraint(fields=["code"], name="airport_code_unique")
        ),
        migrations.AddConstraint(
            "airport",
            models.CheckConstraint(condition=models.Q(gates__gte=0), name="airport_gates_not_negative"),
        ),
    ]
