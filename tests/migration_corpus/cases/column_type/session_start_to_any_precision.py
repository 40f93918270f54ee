"""Times that were kept in whole seconds may have fractions from now on.

verdict: safe
reason: More precision for a timestamp changes no stored value, so PostgreSQL leaves the rows alone.
"""

from django.db import migrations, models


class WholeSecondsField(models.DateTimeField):
    """A point in time without fractions of a second."""

    def db_type(self, connection):
        return "timestamp(0) with time zone"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "ChargingSession",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("socket", models.CharField(max_length=20)),
                ("started_at", WholeSecondsField()),
                ("watt_hours", models.IntegerField(default=0)),
            ],
        ),
    ]


class Fractions(migrations.Migration):
    dependencies = [("session_start_to_any_precision", "0001_initial")]
    operations = [migrations.AlterField("chargingsession", "started_at", models.DateTimeField())]
