"""Mandatory columns become optional.

verdict: safe
reason: DROP NOT NULL changes the catalogue alone, and whatever the deployed release writes stays
    valid.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
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
                ("room", models.ForeignKey("booking_notes_drop_not_null.room", models.CASCADE)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("notes", models.TextField(blank=True)),
                ("guests", models.PositiveSmallIntegerField(default=1)),
            ],
        ),
    ]


class OptionalNotes(migrations.Migration):
    dependencies = [("booking_notes_drop_not_null", "0001_initial")]
    operations = [
        migrations.AlterField("booking", "notes", models.TextField(blank=True, null=True)),
        migrations.AlterField("booking", "guests", models.PositiveSmallIntegerField(default=1, null=True)),
        migrations.AlterField("booking", "ends_at", models.DateTimeField(blank=True, null=True)),
    ]
