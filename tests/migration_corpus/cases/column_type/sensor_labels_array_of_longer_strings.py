"""The strings within an array may be longer.

verdict: unsafe
categories: blocking
reason: What is free for varchar is not for varchar[]: PostgreSQL casts each array and rewrites the
    table.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Sensor",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.CharField(max_length=32, unique=True)),
                ("labels", ArrayField(models.CharField(max_length=20), default=list)),
                ("site", models.CharField(max_length=40)),
                ("installed_on", models.DateField(null=True)),
            ],
        ),
    ]


class LongerLabels(migrations.Migration):
    dependencies = [("sensor_labels_array_of_longer_strings", "0001_initial")]
    operations = [
        migrations.AlterField("sensor", "labels", ArrayField(models.CharField(max_length=80), default=list)),
    ]
