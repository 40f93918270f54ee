"""CREATE INDEX IF NOT EXISTS finds the index that was built before.

verdict: safe
reason: The name is taken by a valid index, and nothing is built.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("page", models.CharField(max_length=100)),
            ],
        ),
    ]


class BuildIndex(migrations.Migration):
    atomic = False

    dependencies = [("visit_page_index_there_already", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY visit_page_index_there_already_page ON
                visit_page_index_there_already_visit (page)
            """,
            "DROP INDEX visit_page_index_there_already_page",
        ),
    ]


class AdoptIndex(migrations.Migration):
    dependencies = [("visit_page_index_there_already", "0002_build_index")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    CREATE INDEX IF NOT EXISTS visit_page_index_there_already_page ON
                        visit_page_index_there_already_visit (page)
                    """,
                    migrations.RunSQL.noop,
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    "visit", models.Index(fields=["page"], name="visit_page_index_there_already_page")
                )
            ],
        ),
    ]
