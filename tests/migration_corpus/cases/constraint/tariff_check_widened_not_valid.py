"""One more kind of tariff is allowed: the CHECK is dropped and put anew for new rows.

verdict: safe
reason: Dropping reads nothing, and NOT VALID leaves out the rows that are there; the old rule was the
    stricter one.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NAME = "tariff_kind_known"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tariff",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(max_length=10, choices=[("flat", "Flat"), ("hourly", "By the hour")]),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(kind__in=["flat", "hourly"]), name=NAME)
                ],
            },
        ),
    ]


class NightTariff(migrations.Migration):
    dependencies = [("tariff_check_widened_not_valid", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("tariff", NAME),
        AddConstraintNotValid(
            "tariff",
            models.CheckConstraint(condition=models.Q(kind__in=["flat", "hourly", "night"]), name=NAME),
        ),
        migrations.AlterField(
            "tariff",
            "kind",
            models.CharField(
                max_length=10, choices=[("flat", "Flat"), ("hourly", "By the hour"), ("night", "By night")]
            ),
        ),
    ]
