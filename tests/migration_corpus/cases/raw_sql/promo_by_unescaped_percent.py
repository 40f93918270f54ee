"""One promotion is ended; its code is a parameter and its pattern is written into the statement.

verdict: unsafe
categories: fails
reason: With parameters every % of the statement is read as the start of a placeholder, and %' is none: the
    driver refuses the statement.
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
            options={"db_table": "sales_promotion"},
        ),
    ]


class EndSummerPromotion(migrations.Migration):
    dependencies = [("promo_by_unescaped_percent", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                (
                    "UPDATE sales_promotion SET ended = true WHERE code = %s AND headline LIKE 'Summer%'",
                    ["SUMMER-25"],
                ),
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
