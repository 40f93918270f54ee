"""A flag of all messages is set by raw SQL, five thousand ids a time.

verdict: safe
reason: The migration is not atomic and the connection commits each UPDATE by itself, so no transaction
    touches more than one range.
"""

from django.db import migrations, models
from django.db.backends.utils import CursorWrapper

TABLE = "chat_message"


def run_in_ranges(cursor: CursorWrapper, statement: str, size: int) -> None:
    """Run a statement with a range of ids over and over."""
    cursor.execute(f"SELECT min(id), max(id) FROM {TABLE}")
    low, high = cursor.fetchone()
    while low is not None and low <= high:
        cursor.execute(statement, [low, low + size - 1])
        low += size


def set_flag(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        run_in_ranges(
            cursor, f"UPDATE {TABLE} SET is_direct = (stream IS NULL) WHERE id BETWEEN %s AND %s", 5000
        )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Message",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("stream", models.IntegerField(null=True)),
                ("content", models.TextField()),
                ("is_direct", models.BooleanField(null=True)),
            ],
            options={"db_table": "chat_message"},
        ),
    ]


class SetFlag(migrations.Migration):
    atomic = False
    dependencies = [("message_flags_in_id_ranges_by_cursor", "0001_initial")]
    operations = [migrations.RunPython(set_flag, migrations.RunPython.noop, elidable=True)]
