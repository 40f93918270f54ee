"""A value of an enum that a column has is renamed.

verdict: unsafe
categories: incompatible
reason: The deployed release still writes and asks for the old value, which the type does not know any more.
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
                ("phase", models.CharField(max_length=10, choices=[("new", "new"), ("sent", "sent")])),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TYPE shipment_phase_value_renamed_phase AS ENUM ('new', 'sent');
            ALTER TABLE shipment_phase_value_renamed_shipment ALTER COLUMN phase TYPE
                shipment_phase_value_renamed_phase USING phase::shipment_phase_value_renamed_phase;
            """
        ),
    ]


class RenameValue(migrations.Migration):
    dependencies = [("shipment_phase_value_renamed", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TYPE shipment_phase_value_renamed_phase RENAME VALUE 'new' TO 'open'",
            "ALTER TYPE shipment_phase_value_renamed_phase RENAME VALUE 'open' TO 'new'",
            state_operations=[
                migrations.AlterField(
                    "shipment",
                    "phase",
                    models.CharField(max_length=10, choices=[("open", "open"), ("sent", "sent")]),
                )
            ],
        ),
    ]
