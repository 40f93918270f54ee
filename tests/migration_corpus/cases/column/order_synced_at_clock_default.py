"""A time stamp with the wall clock as its default, written by hand.

verdict: unsafe
categories: blocking
reason: clock_timestamp() is volatile, unlike now(): the table is rewritten under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models
from django.db.models.expressions import RawSQL


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=32, db_index=True)),
                ("email", models.EmailField(max_length=254)),
                ("total", models.DecimalField(max_digits=12, decimal_places=2)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "shop_order"},
        ),
    ]


class OrderSyncedAt(migrations.Migration):
    dependencies = [("order_synced_at_clock_default", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
                alter table shop_order
                    add column synced_at timestamptz not null default clock_timestamp();
            """,
            reverse_sql="alter table shop_order drop column synced_at;",
            state_operations=[
                migrations.AddField(
                    "order",
                    "synced_at",
                    models.DateTimeField(db_default=RawSQL("clock_timestamp()", [])),
                ),
            ],
        ),
    ]
