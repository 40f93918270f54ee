"""Both steps of the careful way to a foreign key, sent in one go.

verdict: unsafe
categories: blocking
reason: The first step's SHARE ROW EXCLUSIVE locks last to the transaction's end; the second reads under them.
"""

from django.db import migrations, models


def add_and_validate(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for action in (
            """
            ADD CONSTRAINT note_tenant_fk FOREIGN KEY (tenant_id)
                REFERENCES tenant_key_both_steps_at_once_tenant NOT VALID
            """,
            "VALIDATE CONSTRAINT note_tenant_fk",
        ):
            cursor.execute(f"ALTER TABLE tenant_key_both_steps_at_once_note {action}")


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO tenant_key_both_steps_at_once_tenant (name, plan) "
        "SELECT 'Tenant ' || n, 'free' FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO tenant_key_both_steps_at_once_note (title, text, pinned, tenant_id) "
        "SELECT 'Note', '', false, id FROM tenant_key_both_steps_at_once_tenant"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("plan", models.CharField(default="free", max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("pinned", models.BooleanField(default=False)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.deletion.CASCADE,
                        to="tenant_key_both_steps_at_once.tenant",
                    ),
                ),
            ],
        ),
    ]


class NoteTenantKey(migrations.Migration):
    dependencies = [("tenant_key_both_steps_at_once", "0001_initial")]
    operations = [migrations.RunPython(add_and_validate, migrations.RunPython.noop)]
