"""A timestamp without zone gets one while the session is in UTC.

verdict: safe
reason: With UTC the stored values stay as they are, and PostgreSQL knows.
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
            "ALTER TABLE visit_started_gets_zone_in_utc_visit ADD COLUMN started timestamp",
            state_operations=[migrations.AddField("visit", "started", models.DateTimeField(null=True))],
        ),
    ]


class AddZone(migrations.Migration):
    dependencies = [("visit_started_gets_zone_in_utc", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE visit_started_gets_zone_in_utc_visit ALTER COLUMN started TYPE timestamptz",
            "ALTER TABLE visit_started_gets_zone_in_utc_visit ALTER COLUMN started TYPE timestamp",
        ),
    ]
