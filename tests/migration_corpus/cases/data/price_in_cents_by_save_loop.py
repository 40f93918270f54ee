"""Prices are copied from decimals to cents, one save() a product, in the migration's own transaction.

verdict: unsafe
categories: bulk_write
reason: The loop saves every product in one transaction: all rows are rewritten and locked until it ends.
"""

from django.db import migrations, models


def fill_price_cents(apps, schema_editor):
    Product = apps.get_model("price_in_cents_by_save_loop", "Product")
    for product in Product.objects.all():
        product.price_cents = int(product.price * 100)
        product.save()


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Product",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("price", models.DecimalField(max_digits=10, decimal_places=2)),
                ("is_listed", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class PriceCents(migrations.Migration):
    dependencies = [("price_in_cents_by_save_loop", "0001_initial")]
    operations = [migrations.AddField("product", "price_cents", models.BigIntegerField(null=True))]


class FillPriceCents(migrations.Migration):
    dependencies = [("price_in_cents_by_save_loop", "0002_price_cents")]
    operations = [migrations.RunPython(fill_price_cents, migrations.RunPython.noop, elidable=True)]
