"""The state catches up with a column that the database holds NOT NULL already.

verdict: safe
reason: SET NOT NULL on a column that is NOT NULL does nothing: no scan. The database has refused
    NULL for long.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shipment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("barcode", models.CharField(max_length=30, unique=True)),
                ("depot", models.CharField(max_length=10, null=True)),
                ("pieces", models.IntegerField(default=1)),
                ("sent_on", models.DateField(null=True)),
            ],
        ),
    ]


class DepotNightlyFix(migrations.Migration):
    dependencies = [("shipment_depot_already_not_null", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE shipment_depot_already_not_null_shipment ALTER depot SET NOT NULL",
            "ALTER TABLE shipment_depot_already_not_null_shipment ALTER depot DROP NOT NULL",
        ),
    ]


class DepotNotNull(migrations.Migration):
    dependencies = [("shipment_depot_already_not_null", "0002_depot_nightly_fix")]
    operations = [
        migrations.AlterField("shipment", "depot", models.CharField(max_length=10)),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO shipment_depot_already_not_null_shipment (barcode, depot, pieces)
        SELECT 'S' || n, 'HAM', 1 FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
