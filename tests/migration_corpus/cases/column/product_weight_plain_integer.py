"""A nullable IntegerField with a range that Python alone checks.

verdict: safe
reason: MinValueValidator makes no CHECK; ADD COLUMN of a nullable integer changes the catalogue
    alone.
"""

from django.core.validators import MinValueValidator
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
                ("supplier", models.ForeignKey("product_weight_plain_integer.supplier", models.PROTECT)),
                ("sku", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("price", models.DecimalField(max_digits=9, decimal_places=2)),
            ],
        ),
    ]


class ProductWeight(migrations.Migration):
    dependencies = [("product_weight_plain_integer", "0001_initial")]
    operations = [
        migrations.AddField(
            "product",
            "weight_grams",
            models.IntegerField(blank=True, null=True, validators=[MinValueValidator(0)]),
        ),
    ]
