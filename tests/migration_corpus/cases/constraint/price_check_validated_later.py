"""The second step of a constraint on prices: the old rows are looked at.

verdict: safe
reason: VALIDATE CONSTRAINT reads the products under SHARE UPDATE EXCLUSIVE; they can be written meanwhile.
"""

from decimal import Decimal

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO price_check_validated_later_product (sku, name, price, stock, active, created_at) "
        "SELECT 'SKU-' || n, 'Product ' || n, n, n %% 50, true, now() FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("sku", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("price", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=10)),
                ("stock", models.IntegerField(default=0)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class PriceNotNegative(migrations.Migration):
    dependencies = [("price_check_validated_later", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "product",
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_not_negative"),
        ),
    ]


class ValidatePrice(migrations.Migration):
    dependencies = [("price_check_validated_later", "0002_price_not_negative")]
    operations = [ValidateConstraint("product", name="product_price_not_negative")]
