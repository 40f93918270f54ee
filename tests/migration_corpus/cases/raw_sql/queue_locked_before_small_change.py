"""A table is locked by name before a column is added.

verdict: safe
reason: The lock is the one that ADD COLUMN takes anyway, and no row is read under it.
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
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddHint(migrations.Migration):
    dependencies = [("queue_locked_before_small_change", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "LOCK TABLE queue_locked_before_small_change_job IN ACCESS EXCLUSIVE MODE", migrations.RunSQL.noop
        ),
        migrations.AddField("job", "hint", models.CharField(max_length=100, null=True)),
    ]
