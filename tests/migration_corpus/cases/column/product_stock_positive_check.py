"""A nullable PositiveIntegerField on a table that is in use.

verdict: unsafe
categories: blocking
reason: The field brings CHECK (stock >= 0) along, and ADD COLUMN with a CHECK scans the table under
    ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Supplier",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100, unique=True)),
            ],
        ),
        migrations.CreateModel(
            "Product",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("supplier", models.ForeignKey("product_stock_positive_check.supplier", models.PROTECT)),
                ("sku", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("price", models.DecimalField(max_digits=9, decimal_places=2)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
    ]


class ProductStock(migrations.Migration):
    dependencies = [("product_stock_positive_check", "0001_initial")]
    operations = [
        migrations.AddField("product", "stock", models.PositiveIntegerField(blank=True, null=True)),
    ]
