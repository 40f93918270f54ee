"""Totals are made of a table that is only read.

verdict: safe
reason: A reader keeps nobody from writing, and the totals have a table of their own.
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
    dependencies = [("daily_totals_without_lock", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Total", [("id", models.BigAutoField(primary_key=True)), ("amount", models.BigIntegerField())]
        ),
        migrations.RunSQL(
            """
            INSERT INTO daily_totals_without_lock_total (amount) SELECT sum(amount) FROM
                daily_totals_without_lock_sale
            """,
            migrations.RunSQL.noop,
        ),
    ]
