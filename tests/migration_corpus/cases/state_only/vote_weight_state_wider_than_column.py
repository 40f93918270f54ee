"""A small number becomes a large one in the state alone.

verdict: unsafe
categories: incompatible
reason: The new release accepts numbers up to two thousand millions, and the column still takes two bytes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Vote",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("share_number", models.CharField(max_length=30)),
                ("weight", models.SmallIntegerField(default=1)),
            ],
        ),
    ]


class HeavierVotes(migrations.Migration):
    dependencies = [("vote_weight_state_wider_than_column", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("vote", "weight", models.IntegerField(default=1))],
        ),
    ]
