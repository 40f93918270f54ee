"""A value is added to an enum that a column has.

verdict: safe
reason: No row is touched, and nothing in the same transaction uses it.
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
                ("mode", models.CharField(max_length=10, choices=[("air", "air"), ("sea", "sea")])),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TYPE shipment_mode_value_added_mode AS ENUM ('air', 'sea');
            ALTER TABLE shipment_mode_value_added_shipment ALTER COLUMN mode TYPE
                shipment_mode_value_added_mode USING mode::shipment_mode_value_added_mode;
            """
        ),
    ]


class AddRail(migrations.Migration):
    dependencies = [("shipment_mode_value_added", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TYPE shipment_mode_value_added_mode ADD VALUE IF NOT EXISTS 'rail' BEFORE 'sea'",
            migrations.RunSQL.noop,
        ),
    ]
