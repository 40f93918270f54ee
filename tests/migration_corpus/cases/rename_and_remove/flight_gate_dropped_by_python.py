"""A RunPython step drops what it finds in a list.

verdict: unsafe
categories: incompatible, destructive
reason: The column is dropped through a cursor: the deployed release still selects it, and its
    content is lost.
"""

from django.db import migrations, models

OBSOLETE = {"airport_flight": ["gate", "belt"]}


def drop_obsolete_columns(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, columns in OBSOLETE.items():
            present = {
                column.name
                for column in schema_editor.connection.introspection.get_table_description(cursor, table)
            }
            for column in columns:
                if column in present:
                    cursor.execute(
                        f"ALTER TABLE {schema_editor.quote_name(table)}"
                        f" DROP COLUMN {schema_editor.quote_name(column)}"
                    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Flight",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=8)),
                ("gate", models.CharField(max_length=4, blank=True)),
                ("departs_at", models.DateTimeField()),
                ("seats", models.IntegerField(default=180)),
            ],
            options={"db_table": "airport_flight"},
        ),
    ]


class DropObsolete(migrations.Migration):
    dependencies = [("flight_gate_dropped_by_python", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_obsolete_columns, migrations.RunPython.noop),
            ],
            state_operations=[migrations.RemoveField("flight", "gate")],
        ),
    ]
