"""A validated CHECK, and a default that the field had before.

verdict: safe
reason: The default does not change, so Django updates the NULL rows (there are none) before it
    takes ACCESS EXCLUSIVE, and the valid CHECK spares SET NOT NULL its scan.
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
                ("zone", models.CharField(max_length=4, null=True, default="EU1")),
                ("weight_grams", models.IntegerField()),
            ],
        ),
    ]


class ZoneCheck(migrations.Migration):
    dependencies = [("parcel_zone_check_and_same_default", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "parcel", models.CheckConstraint(condition=Q(zone__isnull=False), name="parcel_zone_known")
        ),
    ]


class ZoneCheckValid(migrations.Migration):
    dependencies = [("parcel_zone_check_and_same_default", "0002_zone_check")]
    operations = [ValidateConstraint("parcel", "parcel_zone_known")]


class ZoneNotNull(migrations.Migration):
    dependencies = [("parcel_zone_check_and_same_default", "0003_zone_check_valid")]
    operations = [
        migrations.AlterField("parcel", "zone", models.CharField(max_length=4, default="EU1")),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO parcel_zone_check_and_same_default_parcel (tracking_code, zone, weight_grams)
        SELECT 'JD' || n, 'EU2', n %% 5000 FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
