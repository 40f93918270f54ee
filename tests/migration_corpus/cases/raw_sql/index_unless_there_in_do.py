"""A block of code makes an index unless there is one, and there is one.

verdict: safe
reason: The branch that would build it is not taken.
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
        migrations.RunSQL(
            "CREATE INDEX index_unless_there_in_do_page ON index_unless_there_in_do_visit (page)"
        ),
    ]


class MakeIndex(migrations.Migration):
    dependencies = [("index_unless_there_in_do", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'index_unless_there_in_do_page') THEN
                    CREATE INDEX index_unless_there_in_do_page ON index_unless_there_in_do_visit (page);
                END IF;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
