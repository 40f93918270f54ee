"""A table is compacted.

verdict: unsafe
categories: blocking
reason: VACUUM FULL writes the table anew under ACCESS EXCLUSIVE.
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
                ("day", models.DateField()),
            ],
        ),
    ]


class Compact(migrations.Migration):
    atomic = False

    dependencies = [("ledger_vacuumed_full", "0001_initial")]
    operations = [
        migrations.RunSQL("VACUUM (FULL, ANALYZE) ledger_vacuumed_full_ledger", migrations.RunSQL.noop),
    ]
