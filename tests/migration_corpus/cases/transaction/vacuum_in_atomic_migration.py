"""VACUUM by RunSQL in a migration that is atomic, as migrations are by default.

verdict: unsafe
categories: fails
reason: VACUUM cannot run inside a transaction block.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Measurement",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sensor", models.CharField(max_length=30)),
                ("celsius", models.DecimalField(max_digits=5, decimal_places=2, null=True)),
                ("humidity", models.SmallIntegerField(null=True)),
                ("measured_at", models.DateTimeField()),
            ],
        ),
    ]


class VacuumMeasurements(migrations.Migration):
    dependencies = [("vacuum_in_atomic_migration", "0001_initial")]
    operations = [
        migrations.RunSQL("VACUUM (ANALYZE) vacuum_in_atomic_migration_measurement;", migrations.RunSQL.noop),
    ]
