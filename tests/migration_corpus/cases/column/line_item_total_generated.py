"""A generated column that is stored.

verdict: unsafe
categories: blocking
reason: ADD COLUMN ... GENERATED ALWAYS AS ... STORED computes and writes the value for every row: a
    rewrite under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models
from django.db.models.functions import Cast


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Cart",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("token", models.UUIDField(unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            "LineItem",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("cart", models.ForeignKey("line_item_total_generated.cart", models.CASCADE)),
                ("sku", models.CharField(max_length=40)),
                ("quantity", models.SmallIntegerField(default=1)),
                ("unit_cents", models.IntegerField()),
            ],
        ),
    ]


class LineItemTotal(migrations.Migration):
    dependencies = [("line_item_total_generated", "0001_initial")]
    operations = [
        migrations.AddField(
            "lineitem",
            "total_cents",
            models.GeneratedField(
                expression=(
                    Cast("quantity", models.BigIntegerField()) * Cast("unit_cents", models.BigIntegerField())
                ),
                output_field=models.BigIntegerField(),
                db_persist=True,
            ),
        ),
    ]
