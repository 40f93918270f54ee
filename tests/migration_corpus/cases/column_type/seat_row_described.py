"""The Python side of a positive number changes.

verdict: safe
reason: Neither validators nor choices, help and labels are known to the database; the CHECK stays as it is.
"""

import django.core.validators
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Seat",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("row", models.PositiveIntegerField()),
            ],
        ),
    ]


class DescribeRow(migrations.Migration):
    dependencies = [("seat_row_described", "0001_initial")]
    operations = [
        migrations.AlterField(
            "seat",
            "row",
            models.PositiveIntegerField(
                "row of seats",
                choices=[(1, "front"), (2, "back")],
                help_text="Counted from the stage.",
                validators=[django.core.validators.MaxValueValidator(99)],
            ),
        ),
    ]
