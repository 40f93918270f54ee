"""A yes or no becomes one of three levels.

verdict: unsafe
categories: blocking, incompatible
reason: Every row is written again as a number, and the deployed release goes on reading and writing a
    boolean, which the column is no more.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Board",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("visibility", models.BooleanField(default=False, verbose_name="public")),
                ("archived_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class VisibilityInThreeLevels(migrations.Migration):
    dependencies = [("board_public_flag_to_level", "0001_initial")]
    operations = [
        migrations.AlterField(
            "board",
            "visibility",
            models.IntegerField(choices=[(0, "Private"), (1, "Public"), (2, "My team")], default=0),
        ),
    ]
