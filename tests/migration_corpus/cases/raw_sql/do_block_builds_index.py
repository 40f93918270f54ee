"""A DO block puts the index's statement together at run time when the catalogue does not know the index yet.

verdict: unsafe
categories: blocking
reason: EXECUTE runs a plain CREATE INDEX; its SHARE lock stops all writes to the shipments while it is built.
"""

from django.db import migrations, models

INDEX = models.Index(fields=["carrier", "shipped_at"], name="shipment_carrier_shipped_idx")

SQL = """
do $$
declare
    target text := 'do_block_builds_index_' || 'shipment';
begin
    if not exists (select 1 from pg_indexes where indexname = 'shipment_carrier_shipped_idx') then
        execute format(
            'create ind' || 'ex %I on %I (carrier, shipped_at)', 'shipment_carrier_shipped_idx', target
        );
    end if;
end
$$
"""


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shipment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("tracking_code", models.CharField(max_length=40)),
                ("carrier", models.CharField(max_length=20, default="dhl")),
                ("weight_g", models.IntegerField(null=True)),
                ("shipped_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class IndexShipments(migrations.Migration):
    dependencies = [("do_block_builds_index", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL,
            "drop index if exists shipment_carrier_shipped_idx",
            state_operations=[migrations.AddIndex("shipment", INDEX)],
        ),
    ]
