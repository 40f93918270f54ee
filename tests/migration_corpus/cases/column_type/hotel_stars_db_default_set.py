"""A required column gets a default in the database.

verdict: safe
reason: SET DEFAULT holds for rows to come and changes the catalogue alone.
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
                ("stars", models.IntegerField(default=3)),
            ],
        ),
    ]


class KeepDefault(migrations.Migration):
    dependencies = [("hotel_stars_db_default_set", "0001_initial")]
    operations = [
        migrations.AlterField("hotel", "stars", models.IntegerField(default=3, db_default=3)),
    ]
