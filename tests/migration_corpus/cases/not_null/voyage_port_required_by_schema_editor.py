"""Python asks the schema editor for SET NOT NULL.

verdict: unsafe
categories: blocking, incompatible
reason: What is executed is the same as in RunSQL: a scan under ACCESS EXCLUSIVE, and no NULL of the
deployed release.
"""

from django.db import migrations, models


def require_port(apps, schema_editor):
    table = apps.get_model("voyage_port_required_by_schema_editor", "Voyage")._meta.db_table
    schema_editor.execute(f"ALTER TABLE {schema_editor.quote_name(table)} ALTER COLUMN port SET NOT NULL")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Voyage",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("port", models.CharField(max_length=40, null=True)),
            ],
        ),
    ]


class RequirePort(migrations.Migration):
    dependencies = [("voyage_port_required_by_schema_editor", "0001_initial")]
    operations = [
        migrations.RunPython(require_port, migrations.RunPython.noop),
    ]
