"""One batch of rows is marked by an UPDATE with a LIMIT inside.

verdict: safe
reason: However many rows there are, 500 are written.
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
                ("marked", models.BooleanField(default=False)),
            ],
        ),
    ]


class MarkSome(migrations.Migration):
    dependencies = [("order_batch_marked_by_limit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            WITH batch AS (SELECT id FROM order_batch_marked_by_limit_order ORDER BY id LIMIT 500 FOR
                UPDATE SKIP LOCKED)
            UPDATE order_batch_marked_by_limit_order SET marked = NOT marked FROM batch WHERE batch.id =
                order_batch_marked_by_limit_order.id
            """,
            migrations.RunSQL.noop,
        ),
    ]
