"""A function is made whose body updates every row.

verdict: safe
reason: It is not called.
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


class DefineRecount(migrations.Migration):
    dependencies = [("score_recount_function_defined", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION score_recount_function_defined_recount() RETURNS void LANGUAGE
                plpgsql AS $$
            BEGIN
                UPDATE score_recount_function_defined_score SET points = points + 1;
                ALTER TABLE score_recount_function_defined_score ALTER COLUMN points TYPE bigint;
            END
            $$
            """,
            "DROP FUNCTION score_recount_function_defined_recount()",
        ),
    ]
