"""A table is moved to another schema.

verdict: unsafe
categories: incompatible
reason: The deployed release looks for it where it was.
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


class MoveOrders(migrations.Migration):
    dependencies = [("order_table_to_other_schema", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE SCHEMA order_table_to_other_schema_s; ALTER TABLE order_table_to_other_schema_order SET
                SCHEMA order_table_to_other_schema_s
            """,
            """
            ALTER TABLE order_table_to_other_schema_s.order_table_to_other_schema_order SET SCHEMA public;
                DROP SCHEMA order_table_to_other_schema_s
            """,
        ),
    ]
