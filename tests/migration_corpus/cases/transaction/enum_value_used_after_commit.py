"""An enum type gets a value in a migration that is not atomic, and one row uses it.

verdict: safe
reason: Each statement commits by itself, so the value is there when the one row is written.
"""

from django.db import migrations, models


class IncidentStateField(models.Field):
    """A column of the enum type incident_state of this application."""

    def db_type(self, connection):
        return "enum_value_used_after_commit_state"


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO enum_value_used_after_commit_incident (reference, title, state, reported_at)"
        " SELECT 'INC-' || n, 'Incident ' || n, 'open', now() FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE TYPE enum_value_used_after_commit_state AS ENUM ('open', 'closed')",
            "DROP TYPE enum_value_used_after_commit_state",
        ),
        migrations.CreateModel(
            "Incident",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    IncidentStateField(choices=[("open", "Open"), ("closed", "Closed")], default="open"),
                ),
                ("reported_at", models.DateTimeField()),
            ],
        ),
    ]


class EscalatedState(migrations.Migration):
    atomic = False
    dependencies = [("enum_value_used_after_commit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TYPE enum_value_used_after_commit_state ADD VALUE IF NOT EXISTS 'escalated' AFTER 'open'",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "incident",
            "state",
            IncidentStateField(
                choices=[("open", "Open"), ("escalated", "Escalated"), ("closed", "Closed")], default="open"
            ),
        ),
        migrations.RunSQL(
            "INSERT INTO enum_value_used_after_commit_incident (reference, title, state, reported_at)"
            " VALUES ('INC-DRILL', 'The yearly drill', 'escalated', now())"
            " ON CONFLICT (reference) DO NOTHING",
            "DELETE FROM enum_value_used_after_commit_incident WHERE reference = 'INC-DRILL'",
        ),
    ]
