"""The index for the list of open orders, built while the shop goes on selling.

verdict: safe
reason: CREATE INDEX CONCURRENTLY holds SHARE UPDATE EXCLUSIVE, which lets rows be read and written.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("paid", "Paid"),
                            ("shipped", "Shipped"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("customer_email", models.EmailField(max_length=254)),
                ("total", models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                ("note", models.TextField(blank=True)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-placed_at"]},
        ),
    ]


class OrderStatusPlacedAt(migrations.Migration):
    atomic = False
    dependencies = [("order_status_index_concurrently", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["status", "-placed_at"], name="order_status_placed_cc_idx"),
        ),
    ]
