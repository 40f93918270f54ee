"""A model is created, renamed and altered in one migration.

verdict: safe
reason: The table is nobody's until the end.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
    ]


class CreateTeam(migrations.Migration):
    dependencies = [("new_model_renamed_and_altered", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Group", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField(null=True))]
        ),
        migrations.RenameModel("Group", "Team"),
        migrations.RenameField("team", "size", "members"),
        migrations.AlterField("team", "members", models.PositiveIntegerField(default=0)),
        migrations.AddIndex(
            "team", models.Index(fields=["members"], name="new_model_renamed_and_altered_members")
        ),
    ]
