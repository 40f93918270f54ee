"""A column that a CHECK constraint reads becomes longer.

verdict: unsafe
categories: blocking
reason: The type changes in the catalogue alone, but PostgreSQL makes the CHECK again and scans the
    table for it under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models
from django.db.models import Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=32)),
                ("status", models.CharField(max_length=8, default="new")),
                ("total", models.DecimalField(max_digits=12, decimal_places=2)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(status__in=["new", "paid", "sent", "void"]), name="order_status_known"
                    ),
                ],
            },
        ),
    ]


class LongerStatus(migrations.Migration):
    dependencies = [("order_status_grown_with_check", "0001_initial")]
    operations = [
        migrations.AlterField("order", "status", models.CharField(max_length=24, default="new")),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO order_status_grown_with_check_order (reference, status, total, placed_at)
        SELECT 'R' || n, (ARRAY['new', 'paid', 'sent'])[1 + n %% 3], n, now() FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
