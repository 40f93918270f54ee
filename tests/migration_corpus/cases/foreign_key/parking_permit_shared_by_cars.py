"""A one-to-one field becomes a foreign key, so that several cars can share a permit.

verdict: unsafe
categories: blocking
reason: To loosen the rule Django drops the unique constraint, puts a plain index in its place and makes the
    foreign key anew, all of which reads the table under locks that block writers.
"""

from django.db import migrations, models

APP = "parking_permit_shared_by_cars"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Permit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("zone", models.CharField(max_length=10)),
                ("valid_until", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            "Car",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("plate", models.CharField(max_length=12)),
                (
                    "permit",
                    models.OneToOneField(f"{APP}.permit", models.PROTECT, null=True, related_name="car"),
                ),
            ],
        ),
    ]


class SharePermits(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AlterField(
            "car",
            "permit",
            models.ForeignKey(f"{APP}.permit", models.PROTECT, null=True, related_name="cars"),
        ),
    ]
