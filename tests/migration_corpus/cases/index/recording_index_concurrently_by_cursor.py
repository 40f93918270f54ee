"""Python builds an index concurrently through a cursor, after it dropped an invalid one.

verdict: safe
reason: The migration is not atomic, so each statement commits by itself and CONCURRENTLY lets writers
    through.
"""

from django.db import migrations, models

INDEX = "recording_team_started_idx"


def build_index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)::oid",
            [INDEX],
        )
        found = cursor.fetchone()
        if found and not found[0]:
            cursor.execute(f"DROP INDEX CONCURRENTLY {INDEX}")
        if not found or not found[0]:
            cursor.execute(f"CREATE INDEX CONCURRENTLY {INDEX} ON replay_recording (team, started_at)")


def drop_index(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Recording",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("team", models.IntegerField()),
                ("started_at", models.DateTimeField()),
                ("duration_s", models.IntegerField(default=0)),
            ],
            options={"db_table": "replay_recording"},
        ),
    ]


class IndexRecordings(migrations.Migration):
    atomic = False
    dependencies = [("recording_index_concurrently_by_cursor", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(build_index, drop_index)],
            state_operations=[
                migrations.AddIndex("recording", models.Index(fields=["team", "started_at"], name=INDEX)),
            ],
        ),
    ]
