"""A required column is added with a default in SQL, and the default is dropped.

verdict: unsafe
categories: incompatible
reason: The deployed release inserts without the column.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddLane(migrations.Migration):
    dependencies = [("ticket_lane_default_dropped_at_once", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE ticket_lane_default_dropped_at_once_ticket ADD COLUMN lane integer NOT NULL DEFAULT 0;
            ALTER TABLE ticket_lane_default_dropped_at_once_ticket ALTER COLUMN lane DROP DEFAULT;
            """,
            "ALTER TABLE ticket_lane_default_dropped_at_once_ticket DROP COLUMN lane",
            state_operations=[migrations.AddField("ticket", "lane", models.IntegerField(default=0))],
        ),
    ]
