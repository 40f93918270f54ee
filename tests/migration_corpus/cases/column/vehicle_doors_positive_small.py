"""A nullable small number that may not be negative.

verdict: unsafe
categories: blocking
reason: PositiveSmallIntegerField brings a CHECK, which is validated for each row although all are NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Vehicle",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("plate", models.CharField(max_length=20)),
            ],
        ),
    ]


class AddDoors(migrations.Migration):
    dependencies = [("vehicle_doors_positive_small", "0001_initial")]
    operations = [
        migrations.AddField("vehicle", "doors", models.PositiveSmallIntegerField(null=True)),
    ]
