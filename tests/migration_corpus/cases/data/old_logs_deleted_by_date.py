"""Entries of long ago are deleted, which are few.

verdict: safe
reason: The time is indexed and one entry in two hundred is that old.
"""

import datetime

from django.db import migrations, models
from django.utils import timezone


def delete_old(apps, schema_editor):
    limit = timezone.now() - datetime.timedelta(days=3650)
    apps.get_model("old_logs_deleted_by_date", "Entry").objects.filter(written__lt=limit).delete()


def seed(cursor, rows):
    cursor.execute(
        """INSERT INTO old_logs_deleted_by_date_entry (id, written)
           SELECT g, CASE WHEN g %% 200 = 0 THEN '2001-01-01' ELSE now() END
           FROM generate_series(1, %s) AS g""",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Entry",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("written", models.DateTimeField(db_index=True)),
            ],
        ),
    ]


class DeleteOld(migrations.Migration):
    dependencies = [("old_logs_deleted_by_date", "0001_initial")]
    operations = [
        migrations.RunPython(delete_old, migrations.RunPython.noop),
    ]
