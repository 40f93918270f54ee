"""The planner learns that city and postcode go together.

verdict: safe
reason: CREATE STATISTICS, SET STATISTICS and ANALYZE hold SHARE UPDATE EXCLUSIVE; rows can be written.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("street", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=80)),
                ("postcode", models.CharField(max_length=12)),
                ("country", models.CharField(default="DE", max_length=2)),
                ("geocoded", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "addresses",
                "indexes": [models.Index(fields=["city", "postcode"], name="address_city_postcode")],
            },
        ),
    ]


class CorrelateCity(migrations.Migration):
    dependencies = [("planner_statistics", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                """
                CREATE STATISTICS address_city_postcode_stx (dependencies, ndistinct)
                    ON city, postcode FROM planner_statistics_address
                """,
                "ALTER TABLE planner_statistics_address ALTER COLUMN city SET STATISTICS 500",
                "ANALYZE planner_statistics_address (city, postcode)",
            ],
            [
                "ALTER TABLE planner_statistics_address ALTER COLUMN city SET STATISTICS -1",
                "DROP STATISTICS address_city_postcode_stx",
            ],
        ),
    ]
