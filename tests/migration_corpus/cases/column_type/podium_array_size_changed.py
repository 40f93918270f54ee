"""An array may hold five places instead of three.

verdict: safe
reason: PostgreSQL ignores the size in the type of an array; the type that Django asks for is the one that
    is there.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Race",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "podium",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=3
                    ),
                ),
            ],
        ),
    ]


class TopFive(migrations.Migration):
    dependencies = [("podium_array_size_changed", "0001_initial")]
    operations = [
        migrations.AlterField(
            "race",
            "podium",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), default=list, size=5
            ),
        ),
    ]
