"""A timestamp without zone gets one while the session is in Berlin's.

verdict: unsafe
categories: blocking
reason: Each value moves by an hour or two, so that the table is rewritten.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("page", models.CharField(max_length=100)),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE visit_ended_gets_zone_in_berlin_visit ADD COLUMN ended timestamp",
            state_operations=[migrations.AddField("visit", "ended", models.DateTimeField(null=True))],
        ),
    ]


class AddZone(migrations.Migration):
    dependencies = [("visit_ended_gets_zone_in_berlin", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                "SET LOCAL TIME ZONE 'Europe/Berlin'",
                "ALTER TABLE visit_ended_gets_zone_in_berlin_visit ALTER COLUMN ended TYPE timestamptz",
                "SET LOCAL TIME ZONE 'UTC'",
            ],
            migrations.RunSQL.noop,
        ),
    ]
