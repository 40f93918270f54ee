"""A foreign key becomes optional through AlterField.

verdict: unsafe
categories: blocking
reason: Django drops the FOREIGN KEY and adds it again, validated: every row is checked while ACCESS
    EXCLUSIVE is held.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Room",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=60)),
                ("seats", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            "Booking",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("room", models.ForeignKey("booking_host_fk_made_nullable.room", models.CASCADE)),
                ("host", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
        ),
    ]


class HostOptional(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("booking_host_fk_made_nullable", "0001_initial"),
    ]
    operations = [
        migrations.AlterField(
            "booking",
            "host",
            models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True),
        ),
    ]
