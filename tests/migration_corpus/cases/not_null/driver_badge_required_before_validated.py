"""NOT NULL is set first and the check that would have proven it is validated after.

verdict: unsafe
categories: blocking
reason: The check is not valid yet when SET NOT NULL asks, so that all rows are read under ACCESS EXCLUSIVE.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Driver",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("badge", models.CharField(max_length=20, null=True)),
            ],
        ),
    ]


class CheckBadge(migrations.Migration):
    dependencies = [("driver_badge_required_before_validated", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "driver",
            models.CheckConstraint(
                condition=models.Q(badge__isnull=False), name="driver_badge_required_before_validated_given"
            ),
        ),
    ]


class RequireBadge(migrations.Migration):
    dependencies = [("driver_badge_required_before_validated", "0002_check_badge")]
    operations = [
        migrations.AlterField("driver", "badge", models.CharField(max_length=20)),
        ValidateConstraint("driver", "driver_badge_required_before_validated_given"),
        migrations.RemoveConstraint("driver", "driver_badge_required_before_validated_given"),
    ]
