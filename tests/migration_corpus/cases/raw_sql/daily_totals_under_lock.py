"""Totals are made of a table that is locked against writers meanwhile.

verdict: unsafe
categories: blocking
reason: The sum reads all rows while INSERT, UPDATE and DELETE wait.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Sale",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.IntegerField()),
            ],
        ),
    ]


class CreateTotal(migrations.Migration):
    dependencies = [("daily_totals_under_lock", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Total", [("id", models.BigAutoField(primary_key=True)), ("amount", models.BigIntegerField())]
        ),
        migrations.RunSQL(
            """
            LOCK TABLE daily_totals_under_lock_sale IN SHARE ROW EXCLUSIVE MODE;
            INSERT INTO daily_totals_under_lock_total (amount) SELECT sum(amount) FROM
                daily_totals_under_lock_sale;
            """,
            migrations.RunSQL.noop,
        ),
    ]
