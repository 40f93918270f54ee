"""A foreign key becomes a plain number of the same name, since couriers move to another service.

verdict: unsafe
categories: incompatible
reason: The column of a key is courier_id and that of the number courier: it is renamed, and the deployed
    release asks for the old name.
"""

from django.db import migrations, models

APP = "parcel_courier_key_to_plain_number"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Courier",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Parcel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("barcode", models.CharField(max_length=30)),
                ("courier", models.ForeignKey(f"{APP}.courier", models.SET_NULL, null=True)),
            ],
        ),
    ]


class CourierNumber(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AlterField("parcel", "courier", models.BigIntegerField(null=True, db_index=True)),
    ]
