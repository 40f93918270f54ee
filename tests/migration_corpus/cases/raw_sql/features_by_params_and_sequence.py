"""Two flags by statements with parameters, and a sequence put behind the highest id.

verdict: safe
reason: Each update reaches one row by its unique name; setval() reads the largest id from the primary key.
"""

from django.db import migrations, models

TABLE = "features_by_params_and_sequence_flag"


def switch(name, enabled):
    return (f"UPDATE {TABLE} SET enabled = %s, note = %s WHERE name = %s", [enabled, "100% roll-out", name])


def seed(cursor, rows):
    cursor.execute(
        f"INSERT INTO {TABLE} (name, enabled, owner, note)"
        " SELECT 'flag-' || n, false, 'core', '' FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Flag",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=60, unique=True)),
                ("enabled", models.BooleanField(default=False)),
                ("owner", models.CharField(max_length=40)),
                ("note", models.CharField(max_length=200, blank=True, default="")),
            ],
        ),
    ]


class SwitchFlags(migrations.Migration):
    dependencies = [("features_by_params_and_sequence", "0001_initial")]
    operations = [
        migrations.RunSQL([switch("flag-1", True), switch("flag-2", False)], migrations.RunSQL.noop),
        migrations.RunSQL(
            f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), coalesce(max(id), 1)) FROM {TABLE}",
            migrations.RunSQL.noop,
        ),
    ]
