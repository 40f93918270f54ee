"""A foreign key points to another model from now on.

verdict: unsafe
categories: blocking
reason: The column keeps its name and type, but its constraint is dropped and a new one added, which is
    checked for every playlist while writers of both tables wait.
"""

import django.db.models.deletion
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Listener",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("handle", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Curator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("display_name", models.CharField(max_length=80)),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Playlist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "curator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="playlist_curator_repointed.listener",
                    ),
                ),
            ],
        ),
    ]


class CuratorsAreCurators(migrations.Migration):
    dependencies = [("playlist_curator_repointed", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="playlist",
            name="curator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="playlist_curator_repointed.curator",
            ),
        ),
    ]
