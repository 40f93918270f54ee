"""A table is created with an exclusion constraint.

verdict: safe
reason: The table is new; nobody waits for its index.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Worker",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateShift(migrations.Migration):
    dependencies = [("shift_overlap_excluded_at_birth", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Shift",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("during", DateTimeRangeField()),
            ],
        ),
        migrations.AddConstraint(
            "shift",
            ExclusionConstraint(
                name="shift_overlap_excluded_at_birth_overlap",
                expressions=[("during", RangeOperators.OVERLAPS)],
            ),
        ),
    ]
