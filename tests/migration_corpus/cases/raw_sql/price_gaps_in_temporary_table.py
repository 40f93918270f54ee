"""Prices are compared in a temporary table, and only the count is kept.

verdict: safe
reason: The prices are only read; what is indexed, updated and deleted is a table of this session, and the
    result is one row.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Price",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("article", models.CharField(max_length=40)),
                ("net_cents", models.IntegerField()),
                ("gross_cents", models.IntegerField()),
            ],
            options={"db_table": "pricing_price"},
        ),
        migrations.CreateModel(
            "AuditResult",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=60)),
                ("found", models.BigIntegerField()),
            ],
            options={"db_table": "pricing_audit_result"},
        ),
    ]


class CountGaps(migrations.Migration):
    dependencies = [("price_gaps_in_temporary_table", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TEMPORARY TABLE price_gap ON COMMIT DROP AS
                SELECT id, gross_cents - net_cents AS gap FROM pricing_price;
            CREATE INDEX price_gap_gap ON price_gap (gap);
            DELETE FROM price_gap WHERE gap >= 0;
            UPDATE price_gap SET gap = abs(gap);
            INSERT INTO pricing_audit_result (name, found) SELECT 'gross below net', count(*) FROM price_gap;
            """,
            migrations.RunSQL.noop,
        ),
    ]
