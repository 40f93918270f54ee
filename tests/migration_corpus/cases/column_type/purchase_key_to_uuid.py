"""The primary key is changed from a number to a UUID.

verdict: unsafe
categories: fails
reason: PostgreSQL has no cast from bigint to uuid, whatever the rows.
"""

import uuid

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Purchase",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class KeyAsUuid(migrations.Migration):
    dependencies = [("purchase_key_to_uuid", "0001_initial")]
    operations = [
        migrations.AlterField("purchase", "id", models.UUIDField(primary_key=True, default=uuid.uuid4)),
    ]
