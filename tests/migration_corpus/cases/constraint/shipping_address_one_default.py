"""One address of a customer can be the default one.

verdict: unsafe
categories: blocking
reason: A UniqueConstraint with a condition is a partial unique index; it is built under SHARE by a scan of
    the whole table, however few rows it takes in.
"""

from django.db import migrations, models

APP = "shipping_address_one_default"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shopper",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            "ShippingAddress",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("shopper", models.ForeignKey(f"{APP}.shopper", models.CASCADE, related_name="addresses")),
                ("street", models.CharField(max_length=200)),
                ("is_default", models.BooleanField(default=False)),
            ],
        ),
    ]


class OneDefault(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "shippingaddress",
            models.UniqueConstraint(
                fields=["shopper"],
                condition=models.Q(is_default=True),
                name="one_default_address_per_shopper",
                violation_error_message="There is a default address already.",
            ),
        ),
    ]
