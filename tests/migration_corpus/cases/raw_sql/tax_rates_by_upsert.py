"""Three tax rates are inserted or corrected by an upsert with literal rows.

verdict: safe
reason: The statement writes three rows, found by a unique code; the rest of the table is not touched.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO tax_rates_by_upsert_taxrate (code, country, percent, label, valid_from)"
        " SELECT 'X' || n, 'XX', 10, 'Rate ' || n, '2020-01-01' FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO tax_rates_by_upsert_taxrate (code, country, percent, label)"
        " VALUES ('DE-S', 'DE', 16, 'Old')"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "TaxRate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=10, unique=True)),
                ("country", models.CharField(max_length=2)),
                ("percent", models.DecimalField(max_digits=5, decimal_places=2)),
                ("label", models.CharField(max_length=60)),
                ("valid_from", models.DateField(null=True)),
            ],
        ),
    ]


class TaxRates2026(migrations.Migration):
    dependencies = [("tax_rates_by_upsert", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            insert into tax_rates_by_upsert_taxrate (code, country, percent, label, valid_from)
            values ('DE-S', 'DE', 19, 'Standard', '2026-01-01'),
                   ('DE-R', 'DE', 7, 'Reduced', '2026-01-01'),
                   ('CH-S', 'CH', 8.1, 'Standard', '2026-01-01')
            on conflict (code) do update
               set percent = excluded.percent, label = excluded.label, valid_from = excluded.valid_from;
            """,
            migrations.RunSQL.noop,
        ),
    ]
