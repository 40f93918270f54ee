"""An array of integers becomes one of bigints.

verdict: unsafe
categories: blocking, incompatible
reason: Each array is written anew, and an array of integers does not compare to one of bigints.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Matrix",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("cells", ArrayField(models.IntegerField())),
            ],
        ),
    ]


class WidenCells(migrations.Migration):
    dependencies = [("matrix_int_array_to_bigint_array", "0001_initial")]
    operations = [
        migrations.AlterField("matrix", "cells", ArrayField(models.BigIntegerField())),
    ]
