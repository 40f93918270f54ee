"""A database default is moved to Python.

verdict: unsafe
categories: incompatible
reason: The deployed release writes DEFAULT for the column; after DROP DEFAULT that is NULL in a NOT
    NULL column.
"""

from django.db import migrations, models

STATES = [("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")]


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("kind", models.CharField(max_length=40)),
                ("payload", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=10, choices=STATES, db_default="queued")),
                ("attempts", models.IntegerField(default=0)),
                ("run_after", models.DateTimeField(null=True, blank=True)),
            ],
        ),
    ]


class StateDefaultInPython(migrations.Migration):
    dependencies = [("job_state_default_taken_away", "0001_initial")]
    operations = [
        migrations.AlterField(
            "job", "state", models.CharField(max_length=10, choices=STATES, default="queued")
        ),
    ]
