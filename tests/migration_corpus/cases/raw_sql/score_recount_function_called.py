"""A function that an earlier migration made is called.

verdict: unsafe
categories: bulk_write
reason: Its body updates every row in one statement.
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
        migrations.RunSQL(
            """
            CREATE FUNCTION score_recount_function_called_recount() RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE score_recount_function_called_score SET points = points + 1;
            END
            $$
            """
        ),
    ]


class Recount(migrations.Migration):
    dependencies = [("score_recount_function_called", "0001_initial")]
    operations = [
        migrations.RunSQL("SELECT score_recount_function_called_recount()", migrations.RunSQL.noop),
    ]
