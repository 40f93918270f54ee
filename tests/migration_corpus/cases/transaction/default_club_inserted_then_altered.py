"""A row without a foreign key is inserted, then its table gets a column.

verdict: safe
reason: The key of another table has nothing to check for an INSERT here.
"""

from django.db import migrations, models


def create_club(apps, schema_editor):
    apps.get_model("default_club_inserted_then_altered", "Club").objects.create(name="Default")


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
                ("club", models.ForeignKey("default_club_inserted_then_altered.club", models.CASCADE)),
            ],
        ),
    ]


class CreateClub(migrations.Migration):
    dependencies = [("default_club_inserted_then_altered", "0001_initial")]
    operations = [
        migrations.RunPython(create_club, migrations.RunPython.noop),
        migrations.AddField("club", "motto", models.CharField(max_length=100, null=True)),
    ]
