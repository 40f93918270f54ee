"""A model is deleted and created again, since its key cannot be altered to a UUID.

verdict: unsafe
categories: destructive, incompatible
reason: The table goes with all its rows, and the deployed release writes rows without the key that the new
    table wants.
"""

import uuid

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Beacon",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=60)),
                ("floor", models.SmallIntegerField(default=0)),
            ],
        ),
    ]


class UuidKeys(migrations.Migration):
    dependencies = [("beacon_recreated_with_uuid", "0001_initial")]
    operations = [
        migrations.DeleteModel("Beacon"),
        migrations.CreateModel(
            "Beacon",
            [
                ("id", models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)),
                ("label", models.CharField(max_length=60)),
                ("floor", models.SmallIntegerField(default=0)),
            ],
        ),
    ]
