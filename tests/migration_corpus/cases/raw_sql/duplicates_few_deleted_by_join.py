"""Rows that are there twice are deleted, and few are.

verdict: safe
reason: One row in a hundred has a twin.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO duplicates_few_deleted_by_join_tag (name)
        SELECT CASE WHEN g %% 100 = 0 THEN g - 1 ELSE g END::text FROM generate_series(1, %s) AS g
        """,
        [rows],
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100, db_index=True)),
            ],
        ),
    ]


class DeleteTwins(migrations.Migration):
    dependencies = [("duplicates_few_deleted_by_join", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DELETE FROM duplicates_few_deleted_by_join_tag a USING duplicates_few_deleted_by_join_tag b
                WHERE a.name = b.name AND a.id > b.id
            """,
            migrations.RunSQL.noop,
        ),
    ]
