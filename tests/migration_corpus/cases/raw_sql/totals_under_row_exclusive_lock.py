"""Totals are made of a table that is locked in the mode of writers.

verdict: safe
reason: ROW EXCLUSIVE is what every INSERT takes itself and does not conflict with itself; the table is only
    read under it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Donation",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("project", models.CharField(max_length=40)),
                ("cents", models.IntegerField()),
            ],
            options={"db_table": "charity_donation"},
        ),
    ]


class Totals(migrations.Migration):
    dependencies = [("totals_under_row_exclusive_lock", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "DonationTotal",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("project", models.CharField(max_length=40)),
                ("cents", models.BigIntegerField()),
            ],
            options={"db_table": "charity_donation_total"},
        ),
        migrations.RunSQL(
            """
            LOCK TABLE charity_donation IN ROW EXCLUSIVE MODE;
            INSERT INTO charity_donation_total (project, cents)
                SELECT project, sum(cents) FROM charity_donation GROUP BY project;
            """,
            migrations.RunSQL.noop,
        ),
    ]
