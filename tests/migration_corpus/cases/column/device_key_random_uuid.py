"""A UUID column that the database fills by a random function.

verdict: unsafe
categories: blocking
reason: gen_random_uuid() is volatile: every row is rewritten under ACCESS EXCLUSIVE.
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Device",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddKey(migrations.Migration):
    dependencies = [("device_key_random_uuid", "0001_initial")]
    operations = [
        migrations.AddField("device", "key", models.UUIDField(db_default=RandomUUID())),
    ]
