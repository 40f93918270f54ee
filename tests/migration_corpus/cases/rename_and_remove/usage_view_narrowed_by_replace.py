"""A column is left out of a view by CREATE OR REPLACE VIEW.

verdict: unsafe
categories: fails
reason: CREATE OR REPLACE may add columns at the end of a view and drop none; PostgreSQL refuses it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Usage",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("tenant", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("calls", models.IntegerField(default=0)),
                ("errors", models.IntegerField(default=0)),
            ],
            options={"db_table": "metering_usage"},
        ),
        migrations.RunSQL(
            "CREATE VIEW metering_daily AS "
            "SELECT day, sum(errors) AS errors, sum(calls) AS calls FROM metering_usage GROUP BY day",
            "DROP VIEW metering_daily",
        ),
    ]


class WithoutErrors(migrations.Migration):
    dependencies = [("usage_view_narrowed_by_replace", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE OR REPLACE VIEW metering_daily AS "
            "SELECT day, sum(calls) AS calls FROM metering_usage GROUP BY day",
            "CREATE OR REPLACE VIEW metering_daily AS "
            "SELECT day, sum(errors) AS errors, sum(calls) AS calls FROM metering_usage GROUP BY day",
        ),
    ]
