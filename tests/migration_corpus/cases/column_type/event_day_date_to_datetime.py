"""A date becomes a date with time.

verdict: unsafe
categories: blocking
reason: Every row is rewritten under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Event",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("day", models.DateField()),
            ],
        ),
    ]


class DayWithTime(migrations.Migration):
    dependencies = [("event_day_date_to_datetime", "0001_initial")]
    operations = [
        migrations.AlterField("event", "day", models.DateTimeField()),
    ]
