"""A database default gets another value.

verdict: safe
reason: SET DEFAULT changes the catalogue alone and is for new rows; the deployed release still has
    a default to write.
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
                ("kind", models.CharField(max_length=40)),
                ("payload", models.JSONField(default=dict)),
                ("priority", models.SmallIntegerField(db_default=5)),
                ("attempts", models.IntegerField(default=0)),
            ],
        ),
    ]


class PriorityDefault(migrations.Migration):
    dependencies = [("job_priority_default_changed", "0001_initial")]
    operations = [
        migrations.AlterField("job", "priority", models.SmallIntegerField(db_default=3)),
        migrations.AlterField("job", "attempts", models.IntegerField(default=0, db_default=0)),
    ]
