"""A CHECK is added NOT VALID and validated in the same transaction.

verdict: unsafe
categories: blocking
reason: The ACCESS EXCLUSIVE lock of ADD CONSTRAINT lasts until commit, so VALIDATE scans the table under it.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Booking",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("guest", models.CharField(max_length=120)),
                ("room", models.CharField(max_length=10)),
                ("arrives_on", models.DateField()),
                ("leaves_on", models.DateField()),
                ("is_cancelled", models.BooleanField(default=False)),
            ],
        ),
    ]


class StayIsNotNegative(migrations.Migration):
    dependencies = [("not_valid_and_validated_together", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "booking",
            models.CheckConstraint(
                condition=Q(leaves_on__gte=F("arrives_on")), name="stay_together_not_negative"
            ),
        ),
        ValidateConstraint("booking", "stay_together_not_negative"),
    ]


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO not_valid_and_validated_together_booking (guest, room, arrives_on, leaves_on,"
        " is_cancelled) SELECT 'Guest ' || n, mod(n, 90)::text, '2026-05-01', '2026-05-04', false"
        " FROM generate_series(1, %s) AS n",
        [rows],
    )
