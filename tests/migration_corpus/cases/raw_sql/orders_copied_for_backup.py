"""A table is copied, and the copy indexed.

verdict: safe
reason: The original is only read; the copy belongs to nobody yet.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("note", models.TextField()),
            ],
        ),
    ]


class CopyOrders(migrations.Migration):
    dependencies = [("orders_copied_for_backup", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE orders_copied_for_backup_backup AS SELECT * FROM orders_copied_for_backup_order;
            CREATE INDEX ON orders_copied_for_backup_backup (id);
            ALTER TABLE orders_copied_for_backup_backup ADD PRIMARY KEY (id);
            """,
            "DROP TABLE orders_copied_for_backup_backup",
        ),
    ]
