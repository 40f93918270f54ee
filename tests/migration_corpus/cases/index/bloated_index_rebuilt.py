"""A bloated index is rebuilt in the release's migration.

verdict: unsafe
categories: blocking
reason: REINDEX holds SHARE on the table, and ACCESS EXCLUSIVE on the index, for the whole build.
"""

from django.db import migrations, models


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
                "indexes": [models.Index(fields=["queue", "state", "run_after"], name="job_queue_state_idx")]
            },
        ),
    ]


class RebuildQueueIndex(migrations.Migration):
    dependencies = [("bloated_index_rebuilt", "0001_initial")]
    operations = [
        migrations.RunSQL(
            '/* down from 40 GB */ REINDEX INDEX "job_queue_state_idx";', migrations.RunSQL.noop
        ),
    ]
