"""A smallint becomes an integer.

verdict: unsafe
categories: blocking
reason: The rows get wider: a rewrite under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ballot",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("votes", models.SmallIntegerField()),
            ],
        ),
    ]


class WidenVotes(migrations.Migration):
    dependencies = [("ballot_votes_small_to_int", "0001_initial")]
    operations = [
        migrations.AlterField("ballot", "votes", models.IntegerField()),
    ]
