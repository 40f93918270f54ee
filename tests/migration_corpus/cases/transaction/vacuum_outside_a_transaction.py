"""VACUUM by RunSQL, statement by statement, in a migration that is not atomic.

verdict: safe
reason: Plain VACUUM takes SHARE UPDATE EXCLUSIVE: it reads the table beside its readers and writers.
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
    atomic = False
    dependencies = [("vacuum_outside_a_transaction", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE vacuum_outside_a_transaction_measurement SET (autovacuum_vacuum_cost_delay = 1)",
                "VACUUM (ANALYZE) vacuum_outside_a_transaction_measurement",
            ],
            migrations.RunSQL.noop,
        ),
    ]
