"""MERGE carries counts over to all rows.

verdict: unsafe
categories: bulk_write
reason: Each row has its match and is updated, in one statement.
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
                ("amount", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            "Count",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.IntegerField()),
            ],
        ),
    ]


class MergeCounts(migrations.Migration):
    dependencies = [("stock_merged_from_counts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            MERGE INTO stock_merged_from_counts_stock AS s USING stock_merged_from_counts_count AS c ON
                c.id = s.id
            WHEN MATCHED THEN UPDATE SET amount = c.amount
            WHEN NOT MATCHED THEN INSERT (amount) VALUES (c.amount)
            """,
            migrations.RunSQL.noop,
        ),
    ]
