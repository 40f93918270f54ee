"""An expression index that the team wrote by hand.

verdict: unsafe
categories: blocking
reason: The statement in small letters is CREATE INDEX all the same and holds SHARE while it reads the table.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("tracking_code", models.CharField(max_length=64)),
                ("carrier", models.CharField(choices=[("dhl", "DHL"), ("ups", "UPS")], max_length=10)),
                ("weight_g", models.IntegerField(default=0)),
                ("recipient", models.CharField(max_length=120)),
                ("handed_over_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "logistics_shipments"},
        ),
    ]


class TrackingCodeLookup(migrations.Migration):
    dependencies = [("shipment_index_raw_lower_case", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                ("set local work_mem = %s", ["64MB"]),
                """
                -- The carrier's callback sends the code in any case.
                create index if not exists shipments_tracking_lower
                    on logistics_shipments using btree (lower(tracking_code) text_pattern_ops)
                """,
            ],
            reverse_sql="drop index if exists shipments_tracking_lower",
        ),
    ]
