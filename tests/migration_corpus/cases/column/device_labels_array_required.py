"""A required array column with an empty list as default of Python.

verdict: unsafe
categories: incompatible
reason: No default stays in the database, and the deployed release leaves the column out.
"""

from django.contrib.postgres.fields import ArrayField
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


class AddLabels(migrations.Migration):
    dependencies = [("device_labels_array_required", "0001_initial")]
    operations = [
        migrations.AddField(
            "device", "labels", ArrayField(models.CharField(max_length=20), default=list, blank=True)
        ),
    ]
