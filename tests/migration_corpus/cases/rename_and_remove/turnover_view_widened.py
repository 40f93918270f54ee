"""A view that a model reads gets one more column at its end.

verdict: safe
reason: CREATE OR REPLACE VIEW keeps what was there, and reads nothing.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Sale",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE VIEW turnover_view_widened_turnover AS SELECT id, amount AS total FROM
                turnover_view_widened_sale
            """
        ),
        migrations.CreateModel(
            "Turnover",
            [("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
            options={"db_table": "turnover_view_widened_turnover", "managed": False},
        ),
    ]


class WidenTurnover(migrations.Migration):
    dependencies = [("turnover_view_widened", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE OR REPLACE VIEW turnover_view_widened_turnover AS SELECT id, amount AS total, amount % 7
                AS rest FROM turnover_view_widened_sale
            """,
            migrations.RunSQL.noop,
            state_operations=[migrations.AddField("turnover", "rest", models.IntegerField(null=True))],
        ),
    ]
