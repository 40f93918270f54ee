"""The join table of a many-to-many field gets a model of its own.

verdict: safe
reason: The through model describes the table and the columns that Django made for the plain field;
    no statement runs, and both releases use the same names.
"""

from django.db import migrations, models

APP = "team_members_through_adopted"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Player",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("shirt", models.SmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Team",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("league", models.CharField(max_length=20, default="amateur")),
                ("players", models.ManyToManyField(f"{APP}.player", related_name="teams")),
            ],
        ),
    ]


class TeamPlayer(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.CreateModel(
                    "TeamPlayer",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("team", models.ForeignKey(f"{APP}.team", models.CASCADE)),
                        ("player", models.ForeignKey(f"{APP}.player", models.CASCADE)),
                    ],
                    options={
                        "db_table": f"{APP}_team_players",
                        "unique_together": {("team", "player")},
                    },
                ),
                migrations.AlterField(
                    "team",
                    "players",
                    models.ManyToManyField(
                        f"{APP}.player", related_name="teams", through=f"{APP}.teamplayer"
                    ),
                ),
            ],
        ),
    ]
