"""A time stamp with the transaction's time as its default.

verdict: safe
reason: now() and statement_timestamp() are stable: PostgreSQL computes them once and keeps the
    value in the catalogue. The default stays, so the deployed release's INSERT works.
"""

from django.db import migrations, models
from django.db.models.functions import Now


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
            options={"db_table": "shop_order_export"},
        ),
    ]


class OrderExportedAt(migrations.Migration):
    dependencies = [("order_exported_at_now_default", "0001_initial")]
    operations = [
        migrations.AddField("order", "updated_at", models.DateTimeField(db_default=Now())),
        migrations.RunSQL(
            sql=[
                """
                ALTER TABLE shop_order_export
                ADD COLUMN IF NOT EXISTS exported_at timestamptz NOT NULL DEFAULT now()
                """,
            ],
            reverse_sql=["ALTER TABLE shop_order_export DROP COLUMN exported_at"],
            state_operations=[
                migrations.AddField("order", "exported_at", models.DateTimeField(db_default=Now())),
            ],
        ),
    ]
