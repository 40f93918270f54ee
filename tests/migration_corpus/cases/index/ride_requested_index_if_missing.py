"""An index is made unless it is there, and the state is told of it.

verdict: unsafe
categories: blocking
reason: IF NOT EXISTS does not make it concurrent: nobody has built the index before, so it is built here,
    under SHARE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ride",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("passenger_ref", models.UUIDField()),
                ("requested_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20, default="requested")),
                ("fare_cents", models.IntegerField(null=True)),
            ],
            options={"db_table": "dispatch_ride"},
        ),
    ]


class RideByTime(migrations.Migration):
    dependencies = [("ride_requested_index_if_missing", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="CREATE INDEX IF NOT EXISTS ride_requested_idx ON dispatch_ride (requested_at DESC)",
                    reverse_sql="DROP INDEX IF EXISTS ride_requested_idx",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="ride",
                    index=models.Index(models.F("requested_at").desc(), name="ride_requested_idx"),
                ),
            ],
        ),
    ]
