"""Serial numbers of key cards become unique: an index is built concurrently, then it becomes the constraint.

verdict: safe
reason: The migration is not atomic, so the index is built while writers go on; the constraint takes it over
    without reading the table.
"""

from django.db import migrations, models

NAME = "keycard_serial_unique"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "KeyCard",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.CharField(max_length=32)),
                ("lost", models.BooleanField(default=False)),
            ],
            options={"db_table": "access_keycard"},
        ),
    ]


class UniqueSerial(migrations.Migration):
    atomic = False
    dependencies = [("keycard_serial_unique_by_index_at_once", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON access_keycard (serial)",
            f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
        ),
        migrations.RunSQL(
            f"ALTER TABLE access_keycard ADD CONSTRAINT {NAME} UNIQUE USING INDEX {NAME}",
            f"ALTER TABLE access_keycard DROP CONSTRAINT {NAME}",
            state_operations=[
                migrations.AddConstraint("keycard", models.UniqueConstraint(fields=["serial"], name=NAME)),
            ],
        ),
    ]
