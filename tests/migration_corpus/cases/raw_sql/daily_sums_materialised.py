"""A materialised view is made, with an index and a model that reads it.

verdict: safe
reason: The table is only read meanwhile, and what is new belongs to nobody yet.
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


class CreateSums(migrations.Migration):
    dependencies = [("daily_sums_materialised", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW daily_sums_materialised_sums AS
                SELECT min(id) AS id, day, sum(amount) AS total FROM daily_sums_materialised_sale GROUP BY
                    day;
            CREATE UNIQUE INDEX ON daily_sums_materialised_sums (day);
            """,
            "DROP MATERIALIZED VIEW daily_sums_materialised_sums",
            state_operations=[
                migrations.CreateModel(
                    "Sums",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("day", models.DateField()),
                        ("total", models.BigIntegerField()),
                    ],
                    options={"db_table": "daily_sums_materialised_sums", "managed": False},
                )
            ],
        ),
    ]
