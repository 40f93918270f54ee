"""A column that is there already is added IF NOT EXISTS.

verdict: safe
reason: The statement finds the column and does nothing; the state catches up.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Stock",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=20)),
            ],
        ),
        migrations.RunSQL("ALTER TABLE stock_column_added_if_missing_stock ADD COLUMN shelf text"),
    ]


class AdoptShelf(migrations.Migration):
    dependencies = [("stock_column_added_if_missing", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE stock_column_added_if_missing_stock ADD COLUMN IF NOT EXISTS shelf text",
                    migrations.RunSQL.noop,
                )
            ],
            state_operations=[migrations.AddField("stock", "shelf", models.TextField(null=True))],
        ),
    ]
