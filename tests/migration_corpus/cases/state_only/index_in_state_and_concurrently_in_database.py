"""An index is told to the state and made concurrently in the database.

verdict: safe
reason: Both agree, and writers pass.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class IndexTitle(migrations.Migration):
    atomic = False

    dependencies = [("index_in_state_and_concurrently_in_database", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS
                        index_in_state_and_concurrently_in_database_title ON
                        index_in_state_and_concurrently_in_database_post (title)
                    """,
                    "DROP INDEX CONCURRENTLY IF EXISTS index_in_state_and_concurrently_in_database_title",
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    "post",
                    models.Index(fields=["title"], name="index_in_state_and_concurrently_in_database_title"),
                )
            ],
        ),
    ]
