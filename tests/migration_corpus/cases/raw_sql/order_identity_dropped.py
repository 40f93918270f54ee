"""The key of a table loses its identity.

verdict: unsafe
categories: incompatible
reason: The deployed release leaves the key to the database, which has none to give.
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


class DropIdentity(migrations.Migration):
    dependencies = [("order_identity_dropped", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE order_identity_dropped_order ALTER COLUMN id DROP IDENTITY", migrations.RunSQL.noop
        ),
    ]
