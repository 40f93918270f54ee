"""A wider index is built beside the old one, which then goes.

verdict: safe
reason: Both the build and the drop are CONCURRENTLY, each in a transaction of its own.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Playlist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120)),
                ("owner_name", models.CharField(max_length=60)),
                ("public", models.BooleanField(default=True)),
                ("plays", models.BigIntegerField(default=0)),
            ],
            options={"indexes": [models.Index(fields=["owner_name"], name="playlist_owner_idx")]},
        ),
        migrations.CreateModel(
            name="Track",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("seconds", models.IntegerField()),
                (
                    "playlists",
                    models.ManyToManyField(
                        related_name="tracks", to="playlist_index_replaced_concurrently.playlist"
                    ),
                ),
            ],
        ),
    ]


class WiderOwnerIndex(migrations.Migration):
    atomic = False
    dependencies = [("playlist_index_replaced_concurrently", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            model_name="playlist",
            index=models.Index(
                fields=["owner_name", "-plays"], name="playlist_owner_plays_idx", include=["title"]
            ),
        ),
        RemoveIndexConcurrently(model_name="playlist", name="playlist_owner_idx"),
    ]
