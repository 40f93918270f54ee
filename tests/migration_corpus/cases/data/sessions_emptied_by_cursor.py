"""All rows are deleted by a cursor of the connection.

verdict: unsafe
categories: bulk_write, destructive
reason: DELETE without WHERE takes the deployed release's rows away, in one transaction.
"""

from django.db import migrations, models


def log_everybody_out(apps, schema_editor):
    table = apps.get_model("sessions_emptied_by_cursor", "Session")._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Session",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("key", models.CharField(max_length=40)),
            ],
        ),
    ]


class LogEverybodyOut(migrations.Migration):
    dependencies = [("sessions_emptied_by_cursor", "0001_initial")]
    operations = [
        migrations.RunPython(log_everybody_out, migrations.RunPython.noop),
    ]
