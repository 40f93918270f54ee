"""A new table, two new columns, and between them the removal of a column in use.

verdict: unsafe
categories: incompatible, destructive
reason: The deployed release selects and writes delivery_note; the column and what it holds are gone.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("total", models.DecimalField(max_digits=10, decimal_places=2)),
                ("delivery_note", models.TextField(blank=True, default="")),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class DeliveryModel(migrations.Migration):
    dependencies = [("one_removal_among_additions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "DeliverySlot",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("starts_at", models.DateTimeField(db_index=True)),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.PositiveIntegerField(default=20)),
            ],
            options={"ordering": ["starts_at"]},
        ),
        migrations.AddField("order", "contactless", models.BooleanField(default=False, db_default=False)),
        migrations.RemoveField("order", "delivery_note"),
        migrations.AddField("order", "gate_code", models.CharField(max_length=12, null=True, blank=True)),
    ]
