"""A constraint, a sequence and an index get other names.

verdict: safe
reason: Nothing but the catalogue changes, and nobody asks for them by name.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("size", models.IntegerField(unique=True)),
            ],
        ),
    ]


class Rename(migrations.Migration):
    dependencies = [("names_changed_in_sql", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE names_changed_in_sql_job RENAME CONSTRAINT names_changed_in_sql_job_size_key TO
                names_changed_in_sql_one_size;
            ALTER INDEX names_changed_in_sql_job_pkey RENAME TO names_changed_in_sql_key;
            ALTER SEQUENCE names_changed_in_sql_job_id_seq RENAME TO names_changed_in_sql_numbers;
            """,
            migrations.RunSQL.noop,
        ),
    ]
