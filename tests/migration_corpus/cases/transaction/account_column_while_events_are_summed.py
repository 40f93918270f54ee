"""Accounts get a nullable column, and the same transaction fills a new table with sums of their events.

verdict: unsafe
categories: blocking
reason: Nothing is read of the accounts, but their ACCESS EXCLUSIVE lock is held until all events are
    summed.
"""

from django.db import migrations, models

APP = "account_column_while_events_are_summed"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Account",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
            options={"db_table": "billing_account"},
        ),
        migrations.CreateModel(
            "Event",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("account", models.ForeignKey(f"{APP}.account", models.CASCADE)),
                ("units", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "billing_event"},
        ),
    ]


class MonthlyUnits(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddField("account", "billing_email", models.EmailField(max_length=254, null=True)),
        migrations.CreateModel(
            "MonthlyUnits",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("account_ref", models.BigIntegerField()),
                ("month", models.DateField()),
                ("units", models.BigIntegerField()),
            ],
            options={"db_table": "billing_monthly_units"},
        ),
        migrations.RunSQL(
            "INSERT INTO billing_monthly_units (account_ref, month, units) "
            "SELECT account_id, date_trunc('month', at)::date, sum(units) FROM billing_event GROUP BY 1, 2",
            migrations.RunSQL.noop,
        ),
    ]
