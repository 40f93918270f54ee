"""A nullable small number of any sign.

verdict: safe
reason: There is no CHECK and no default; only the catalogue changes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Vehicle",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("plate", models.CharField(max_length=20)),
            ],
        ),
    ]


class AddSeats(migrations.Migration):
    dependencies = [("vehicle_seats_small", "0001_initial")]
    operations = [
        migrations.AddField("vehicle", "seats", models.SmallIntegerField(null=True)),
    ]
