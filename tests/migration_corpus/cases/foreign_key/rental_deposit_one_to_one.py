"""Each rental may have one deposit, tied by a nullable OneToOneField.

verdict: unsafe
categories: blocking
reason: OneToOneField is UNIQUE, and its index is built over all rentals while ACCESS EXCLUSIVE is held.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=8)),
                ("method", models.CharField(choices=[("card", "Card"), ("cash", "Cash")], max_length=4)),
                ("returned", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Rental",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("car_plate", models.CharField(max_length=12)),
                ("driver", models.CharField(max_length=100)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
            ],
        ),
    ]


class RentalDeposit(migrations.Migration):
    dependencies = [("rental_deposit_one_to_one", "0001_initial")]
    operations = [
        migrations.AddField(
            "rental",
            "deposit",
            models.OneToOneField(
                null=True, on_delete=models.deletion.SET_NULL, to="rental_deposit_one_to_one.deposit"
            ),
        ),
    ]
