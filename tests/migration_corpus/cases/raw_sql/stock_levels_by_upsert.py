"""Stock levels are computed again by an INSERT whose conflict clause updates what is there.

verdict: unsafe
categories: bulk_write
reason: Every level exists already, so ON CONFLICT DO UPDATE rewrites the whole table in one transaction.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "StockLevel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=32)),
                ("warehouse", models.CharField(max_length=16, default="main")),
                ("on_hand", models.IntegerField(default=0)),
                ("reserved", models.IntegerField(default=0)),
                ("available", models.BigIntegerField(null=True)),
            ],
        ),
    ]


class ComputeAvailable(migrations.Migration):
    dependencies = [("stock_levels_by_upsert", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "insert into stock_levels_by_upsert_stocklevel as level"
            " (id, sku, warehouse, on_hand, reserved, available)"
            " select id, sku, warehouse, on_hand, reserved, on_hand::bigint - reserved"
            "   from stock_levels_by_upsert_stocklevel"
            " on conflict (id) do update set available = excluded.available",
            migrations.RunSQL.noop,
        ),
    ]
