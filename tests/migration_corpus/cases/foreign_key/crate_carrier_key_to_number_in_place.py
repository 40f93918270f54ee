"""A foreign key becomes a plain number that keeps the key's column, since carriers move to another service.

verdict: safe
reason: Type, name and index stay; only the constraint is dropped, which reads nothing.
"""

from django.db import migrations, models

APP = "crate_carrier_key_to_number_in_place"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Carrier",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Crate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("barcode", models.CharField(max_length=30)),
                ("carrier", models.ForeignKey(f"{APP}.carrier", models.SET_NULL, null=True)),
            ],
        ),
    ]


class CarrierNumber(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AlterField(
            "crate", "carrier", models.BigIntegerField(null=True, db_index=True, db_column="carrier_id")
        ),
    ]
