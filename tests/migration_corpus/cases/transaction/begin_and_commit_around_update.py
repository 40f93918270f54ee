"""A text of SQL opens and ends a transaction of its own around an UPDATE.

verdict: unsafe
categories: bulk_write
reason: All rows are written between BEGIN and COMMIT.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Row",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class UpdateRows(migrations.Migration):
    atomic = False

    dependencies = [("begin_and_commit_around_update", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            BEGIN; SET LOCAL synchronous_commit = off; UPDATE begin_and_commit_around_update_row SET name =
                lower(name); COMMIT;
            """,
            migrations.RunSQL.noop,
        ),
    ]
