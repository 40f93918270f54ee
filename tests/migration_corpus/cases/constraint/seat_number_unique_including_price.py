"""A unique constraint whose index carries one more column.

verdict: unsafe
categories: blocking
reason: Django makes it by CREATE UNIQUE INDEX, under SHARE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Seat",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField()),
                ("price", models.IntegerField()),
            ],
        ),
    ]


class UniqueNumber(migrations.Migration):
    dependencies = [("seat_number_unique_including_price", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "seat",
            models.UniqueConstraint(
                fields=["number"], include=["price"], name="seat_number_unique_including_price_unique"
            ),
        ),
    ]
