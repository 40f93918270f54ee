"""One promotion is ended, by its unique code as a parameter and a pattern with its percent sign doubled.

verdict: safe
reason: The code is unique, so one row is written at most, and %% is a plain % for the driver.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Promotion",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=30, unique=True)),
                ("headline", models.CharField(max_length=200)),
                ("ended", models.BooleanField(default=False)),
            ],
            options={"db_table": "outlet_promotion"},
        ),
    ]


class EndWinterPromotion(migrations.Migration):
    dependencies = [("promo_by_escaped_percent", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                "SELECT pg_advisory_xact_lock(4711)",
                (
                    "UPDATE outlet_promotion SET ended = %s WHERE code = %s AND headline LIKE 'Winter%%'",
                    [True, "WINTER-25"],
                ),
            ],
            reverse_sql=[("UPDATE outlet_promotion SET ended = %s WHERE code = %s", [False, "WINTER-25"])],
        ),
    ]
