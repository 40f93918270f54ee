"""Logical replication is told to send whole rows, and texts are stored apart.

verdict: safe
reason: REPLICA IDENTITY and SET STORAGE hold for writes to come.
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


class ReplicateRows(migrations.Migration):
    dependencies = [("orders_replica_identity_full", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE orders_replica_identity_full_order REPLICA IDENTITY FULL;
            ALTER TABLE orders_replica_identity_full_order ALTER COLUMN note SET STORAGE EXTERNAL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
