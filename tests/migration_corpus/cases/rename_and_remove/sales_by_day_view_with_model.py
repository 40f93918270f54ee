"""A view of sums is made, with a model that reads it.

verdict: safe
reason: Nothing is written into a view of groups, and the release that is deployed does not know it.
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
                ("day", models.DateField()),
                ("amount", models.IntegerField()),
            ],
        ),
    ]


class CreateSalesByDay(migrations.Migration):
    dependencies = [("sales_by_day_view_with_model", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE VIEW sales_by_day_view_with_model_by_day AS SELECT min(id) AS id, day, sum(amount) AS
                total FROM sales_by_day_view_with_model_sale GROUP BY day
            """,
            "DROP VIEW sales_by_day_view_with_model_by_day",
        ),
        migrations.CreateModel(
            "SalesByDay",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("day", models.DateField()),
                ("total", models.BigIntegerField()),
            ],
            options={"db_table": "sales_by_day_view_with_model_by_day", "managed": False},
        ),
    ]
