"""A column is made nullable and removed in one migration.

verdict: unsafe
categories: destructive, incompatible
reason: The step in front helps nobody; the deployed release still asks for it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("note", models.TextField()),
            ],
        ),
    ]


class RemoveNote(migrations.Migration):
    dependencies = [("required_note_made_nullable_then_removed", "0001_initial")]
    operations = [
        migrations.AlterField("post", "note", models.TextField(null=True)),
        migrations.RemoveField("post", "note"),
    ]
