"""A validated CHECK, and a one-off default that takes the lock first.

verdict: unsafe
categories: blocking
reason: Django sets the one-off default before it updates the NULL rows: SET DEFAULT takes ACCESS
    EXCLUSIVE, and the UPDATE then reads the whole table under it, although SET NOT NULL itself
    needs no scan.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Parcel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("tracking_code", models.CharField(max_length=40, unique=True)),
                ("carrier", models.CharField(max_length=20, null=True)),
                ("weight_grams", models.IntegerField()),
                ("shipped_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class CarrierCheck(migrations.Migration):
    dependencies = [("parcel_carrier_check_and_one_off_default", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "parcel", models.CheckConstraint(condition=Q(carrier__isnull=False), name="parcel_carrier_known")
        ),
    ]


class CarrierCheckValid(migrations.Migration):
    dependencies = [("parcel_carrier_check_and_one_off_default", "0002_carrier_check")]
    operations = [ValidateConstraint(model_name="parcel", name="parcel_carrier_known")]


class CarrierNotNull(migrations.Migration):
    dependencies = [("parcel_carrier_check_and_one_off_default", "0003_carrier_check_valid")]
    operations = [
        migrations.AlterField(
            model_name="parcel",
            name="carrier",
            field=models.CharField(max_length=20, default="dhl"),
            preserve_default=False,
        ),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO parcel_carrier_check_and_one_off_default_parcel (tracking_code, carrier, weight_grams)
        SELECT 'JD' || n, 'ups', n %% 5000 FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
