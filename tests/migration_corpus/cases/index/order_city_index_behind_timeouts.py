"""An index is built the plain way, with timeouts set first.

verdict: unsafe
categories: blocking
reason: lock_timeout limits the wait for the lock, not the time that the lock is held.
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
                ("city", models.CharField(max_length=100)),
            ],
        ),
    ]


class IndexCity(migrations.Migration):
    dependencies = [("order_city_index_behind_timeouts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '120s'", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
            CREATE INDEX order_city_index_behind_timeouts_city ON order_city_index_behind_timeouts_order
                (city)
            """,
            "DROP INDEX order_city_index_behind_timeouts_city",
        ),
    ]
