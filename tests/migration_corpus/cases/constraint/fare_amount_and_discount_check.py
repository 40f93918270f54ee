"""A check over two columns is added.

verdict: unsafe
categories: blocking
reason: Each row is read and checked under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Fare",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.IntegerField()),
                ("discount", models.IntegerField(null=True)),
            ],
        ),
    ]


class CheckDiscount(migrations.Migration):
    dependencies = [("fare_amount_and_discount_check", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "fare",
            models.CheckConstraint(
                condition=models.Q(discount__isnull=True) | models.Q(discount__lte=models.F("amount")),
                name="fare_amount_and_discount_check_discount",
            ),
        ),
    ]
