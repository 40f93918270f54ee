"""A block of code updates every row, one by one.

verdict: unsafe
categories: bulk_write
reason: The loop is one statement and one transaction.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Score",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("points", models.IntegerField()),
            ],
        ),
    ]


class RaiseScores(migrations.Migration):
    dependencies = [("scores_raised_one_by_one_in_do", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $do$
            DECLARE
                one record;
            BEGIN
                FOR one IN SELECT id FROM scores_raised_one_by_one_in_do_score LOOP
                    UPDATE scores_raised_one_by_one_in_do_score SET points = points + 1 WHERE id = one.id;
                END LOOP;
            END
            $do$
            """,
            migrations.RunSQL.noop,
        ),
    ]
