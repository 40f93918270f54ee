"""A table is sorted by an index.

verdict: unsafe
categories: blocking
reason: CLUSTER writes the table anew under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ledger",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("day", models.DateField(db_index=True)),
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX ledger_clustered_by_day_by_day ON ledger_clustered_by_day_ledger (day)"
        ),
    ]


class SortRows(migrations.Migration):
    dependencies = [("ledger_clustered_by_day", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CLUSTER ledger_clustered_by_day_ledger USING ledger_clustered_by_day_by_day",
            migrations.RunSQL.noop,
        ),
    ]
