"""An index is built concurrently by Python that asks for a transaction, in a migration that has none.

verdict: unsafe
categories: fails
reason: RunPython(atomic=True) opens a transaction around the function even here, and CREATE INDEX
    CONCURRENTLY refuses to run in one.
"""

from django.db import migrations, models


def build_index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS episode_aired_idx ON podcast_episode (aired_on)"
        )


def drop_index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS episode_aired_idx")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Episode",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=200)),
                ("aired_on", models.DateField(null=True)),
            ],
            options={"db_table": "podcast_episode"},
        ),
    ]


class IndexAired(migrations.Migration):
    atomic = False
    dependencies = [("episode_index_in_atomic_run_python", "0001_initial")]
    operations = [migrations.RunPython(build_index, drop_index, atomic=True)]
