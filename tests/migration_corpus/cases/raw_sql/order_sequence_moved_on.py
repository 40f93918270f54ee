"""A sequence is moved past imported numbers and takes larger steps.

verdict: safe
reason: The largest key is read from its index; the table is not locked.
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


class MoveSequence(migrations.Migration):
    dependencies = [("order_sequence_moved_on", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            SELECT setval(pg_get_serial_sequence('order_sequence_moved_on_order', 'id'), (SELECT max(id) +
                1000 FROM order_sequence_moved_on_order));
            ALTER SEQUENCE order_sequence_moved_on_order_id_seq INCREMENT BY 10 CACHE 20;
            """,
            migrations.RunSQL.noop,
        ),
    ]
