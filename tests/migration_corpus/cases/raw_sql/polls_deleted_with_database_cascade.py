"""All polls are deleted by SQL, and the database takes their answers along.

verdict: unsafe
categories: bulk_write, destructive
reason: One DELETE removes every poll, and ON DELETE CASCADE every answer, of which the statement says
    nothing.
"""

from django.db import migrations, models

APP = "polls_deleted_with_database_cascade"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Poll",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("question", models.CharField(max_length=200)),
                ("closed", models.BooleanField(default=False)),
            ],
            options={"db_table": "townhall_poll"},
        ),
        migrations.CreateModel(
            "Answer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("poll", models.ForeignKey(f"{APP}.poll", models.DO_NOTHING, db_constraint=False)),
                ("text", models.CharField(max_length=200)),
            ],
            options={"db_table": "townhall_answer"},
        ),
        migrations.RunSQL(
            "ALTER TABLE townhall_answer ADD CONSTRAINT townhall_answer_poll FOREIGN KEY (poll_id) "
            "REFERENCES townhall_poll (id) ON DELETE CASCADE",
            "ALTER TABLE townhall_answer DROP CONSTRAINT townhall_answer_poll",
        ),
    ]


class StartAfresh(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [migrations.RunSQL("DELETE FROM townhall_poll", migrations.RunSQL.noop)]
