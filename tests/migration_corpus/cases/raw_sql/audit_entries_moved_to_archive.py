"""All audit entries move to a new archive table by one statement.

verdict: unsafe
categories: bulk_write, destructive
reason: The common table expression deletes every entry of the table in use; the deployed release finds none.
"""

from django.db import migrations, models


def entry_fields():
    return [
        ("id", models.BigAutoField(primary_key=True)),
        ("actor", models.CharField(max_length=150)),
        ("action", models.CharField(max_length=40)),
        ("object_repr", models.CharField(max_length=200, blank=True, default="")),
        ("payload", models.JSONField(null=True)),
        ("created_at", models.DateTimeField()),
    ]


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Entry", entry_fields())]


class MoveToArchive(migrations.Migration):
    dependencies = [("audit_entries_moved_to_archive", "0001_initial")]
    operations = [
        migrations.CreateModel("ArchivedEntry", entry_fields()),
        migrations.RunSQL(
            """
            WITH moved AS (
                DELETE FROM audit_entries_moved_to_archive_entry
                RETURNING id, actor, action, object_repr, payload, created_at
            )
            INSERT INTO audit_entries_moved_to_archive_archivedentry
                        (id, actor, action, object_repr, payload, created_at)
            SELECT id, actor, action, object_repr, payload, created_at FROM moved;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
