"""Of two equal defaults that of the database is removed.

verdict: safe
reason: The deployed release has the default in Python too and always writes the column.
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
                ("floors", models.IntegerField(default=3, db_default=3)),
            ],
        ),
    ]


class DropDefault(migrations.Migration):
    dependencies = [("hotel_floors_second_default_removed", "0001_initial")]
    operations = [
        migrations.AlterField("hotel", "floors", models.IntegerField(default=3)),
    ]
