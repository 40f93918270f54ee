"""A view is dropped that a model reads.

verdict: unsafe
categories: incompatible
reason: The deployed release still selects from it; no data is lost.
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
            CREATE VIEW revenue_view_dropped_revenue AS SELECT id, amount AS total FROM
                revenue_view_dropped_sale
            """
        ),
        migrations.CreateModel(
            "Revenue",
            [("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
            options={"db_table": "revenue_view_dropped_revenue", "managed": False},
        ),
    ]


class DropRevenue(migrations.Migration):
    dependencies = [("revenue_view_dropped", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "DROP VIEW revenue_view_dropped_revenue",
            migrations.RunSQL.noop,
            state_operations=[migrations.DeleteModel("Revenue")],
        ),
    ]
