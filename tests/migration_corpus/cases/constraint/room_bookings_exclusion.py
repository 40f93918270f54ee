"""A room cannot be booked twice at the same time.

verdict: unsafe
categories: blocking
reason: ADD CONSTRAINT ... EXCLUDE builds a GiST index over all bookings while ACCESS EXCLUSIVE is held.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO room_bookings_exclusion_booking (period, booked_by, purpose, cancelled) "
        "SELECT tstzrange(now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour'), "
        "'ann', 'talk', false "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("period", DateTimeRangeField()),
                ("booked_by", models.CharField(max_length=60)),
                ("purpose", models.CharField(blank=True, max_length=120)),
                ("cancelled", models.BooleanField(default=False)),
            ],
            options={"verbose_name": "booking of the hall"},
        ),
    ]


class NoDoubleBookings(migrations.Migration):
    dependencies = [("room_bookings_exclusion", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="booking",
            constraint=ExclusionConstraint(
                name="booking_no_overlap",
                expressions=[("period", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled=False),
            ),
        ),
    ]
