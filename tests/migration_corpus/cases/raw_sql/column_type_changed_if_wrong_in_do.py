"""A block of code changes a type if it is the wrong one, and it is.

verdict: unsafe
categories: blocking
reason: The branch is taken, and the table rewritten.
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
                ("clicks", models.IntegerField()),
            ],
        ),
    ]


class WidenClicks(migrations.Migration):
    dependencies = [("column_type_changed_if_wrong_in_do", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                IF (SELECT data_type FROM information_schema.columns
                    WHERE table_name = 'column_type_changed_if_wrong_in_do_visit' AND column_name =
                        'clicks') = 'integer' THEN
                    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE bigint',
                        'column_type_changed_if_wrong_in_do_visit', 'clicks');
                END IF;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
