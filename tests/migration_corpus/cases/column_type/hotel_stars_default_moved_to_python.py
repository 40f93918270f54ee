"""The default of a required column moves from the database to Python.

verdict: unsafe
categories: incompatible
reason: The deployed release writes DEFAULT for the column, which is NULL from now on.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Hotel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("stars", models.IntegerField(db_default=3)),
            ],
        ),
    ]


class MoveDefault(migrations.Migration):
    dependencies = [("hotel_stars_default_moved_to_python", "0001_initial")]
    operations = [
        migrations.AlterField("hotel", "stars", models.IntegerField(default=3)),
    ]
