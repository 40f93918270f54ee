"""A check that new rows obey already is validated, then proves NOT NULL, then goes.

verdict: safe
reason: VALIDATE comes first and under a lock that writers do not mind; SET NOT NULL believes the valid
check.
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
                ("license", models.CharField(max_length=20, null=True)),
            ],
        ),
    ]


class CheckLicense(migrations.Migration):
    dependencies = [("driver_license_validated_and_required", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "driver",
            models.CheckConstraint(
                condition=models.Q(license__isnull=False), name="driver_license_validated_and_required_given"
            ),
        ),
    ]


class RequireLicense(migrations.Migration):
    dependencies = [("driver_license_validated_and_required", "0002_check_license")]
    operations = [
        ValidateConstraint("driver", "driver_license_validated_and_required_given"),
        migrations.AlterField("driver", "license", models.CharField(max_length=20)),
        migrations.RemoveConstraint("driver", "driver_license_validated_and_required_given"),
    ]
