"""A plain index for the back office's list of open orders.

verdict: unsafe
categories: blocking
reason: CREATE INDEX holds SHARE for as long as it reads the orders; every INSERT, UPDATE and DELETE waits.
"""

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
    dependencies = [("order_status_index", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["status", "-placed_at"], name="order_status_placed_idx"),
        ),
    ]
