"""A row with a foreign key is inserted, then its table gets a column.

verdict: unsafe
categories: fails
reason: The key is checked at the end of the transaction: ALTER TABLE finds pending trigger events.
"""

from django.db import migrations, models


def create_team(apps, schema_editor):
    club = apps.get_model("default_team_inserted_then_altered", "Club").objects.create(name="Default")
    apps.get_model("default_team_inserted_then_altered", "Team").objects.create(name="Default", club=club)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Club",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Team",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("club", models.ForeignKey("default_team_inserted_then_altered.club", models.CASCADE)),
            ],
        ),
    ]


class CreateTeam(migrations.Migration):
    dependencies = [("default_team_inserted_then_altered", "0001_initial")]
    operations = [
        migrations.RunPython(create_team, migrations.RunPython.noop),
        migrations.AddField("team", "motto", models.CharField(max_length=100, null=True)),
    ]
