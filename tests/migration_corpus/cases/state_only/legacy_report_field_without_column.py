"""An unmanaged model gets a field that its view does not show.

verdict: unsafe
categories: incompatible
reason: Django runs no statement for an unmanaged model; the view has no column "margin", which the
    new release selects.
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
                ("region", models.CharField(max_length=20)),
                ("amount_cents", models.IntegerField()),
                ("cost_cents", models.IntegerField(default=0)),
                ("sold_on", models.DateField()),
            ],
            options={"db_table": "bi_sale"},
        ),
        migrations.RunSQL(
            """
            CREATE VIEW bi_region_report AS
            SELECT min(id) AS id, region, sum(amount_cents)::bigint AS turnover FROM bi_sale GROUP BY region
            """,
            "DROP VIEW bi_region_report",
        ),
        migrations.CreateModel(
            "RegionReport",
            [
                ("id", models.BigIntegerField(primary_key=True)),
                ("region", models.CharField(max_length=20)),
                ("turnover", models.BigIntegerField()),
            ],
            options={"managed": False, "db_table": "bi_region_report"},
        ),
    ]


class Margin(migrations.Migration):
    dependencies = [("legacy_report_field_without_column", "0001_initial")]
    operations = [
        migrations.AddField("regionreport", "margin", models.BigIntegerField(default=0)),
    ]
