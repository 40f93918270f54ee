"""A table is created, and a nullable key to it added where rows are.

verdict: unsafe
categories: blocking
reason: The new table is empty, but the key's index is built over the old one.
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


class AddTeam(migrations.Migration):
    dependencies = [("key_to_new_table_with_index", "0001_initial")]
    operations = [
        migrations.CreateModel("Team", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField(
            "job", "team", models.ForeignKey("key_to_new_table_with_index.team", models.CASCADE, null=True)
        ),
    ]
