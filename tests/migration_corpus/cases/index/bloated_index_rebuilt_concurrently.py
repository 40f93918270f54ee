"""A bloated index is rebuilt beside the running queue.

verdict: safe
reason: REINDEX CONCURRENTLY holds SHARE UPDATE EXCLUSIVE and swaps the new index in.
"""

from django.db import migrations, models


def rebuild(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("REINDEX INDEX CONCURRENTLY job_queue_state_cc_idx")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("queue", models.CharField(default="default", max_length=30)),
                ("task", models.CharField(max_length=200)),
                ("arguments", models.JSONField(default=list)),
                ("state", models.CharField(default="queued", max_length=10)),
                ("run_after", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["queue", "state", "run_after"], name="job_queue_state_cc_idx")
                ]
            },
        ),
    ]


class RebuildQueueIndex(migrations.Migration):
    atomic = False
    dependencies = [("bloated_index_rebuilt_concurrently", "0001_initial")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
