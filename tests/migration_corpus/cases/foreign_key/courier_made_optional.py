"""A delivery may be without a courier until one is found.

verdict: unsafe
categories: blocking
reason: To lift NOT NULL Django drops and adds the foreign key, and adding it reads all deliveries.
"""

import django.db.models.deletion
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Courier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(max_length=32)),
                ("on_duty", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("address", models.TextField()),
                ("fee", models.DecimalField(decimal_places=2, default=0, max_digits=6)),
                ("promised_at", models.DateTimeField()),
                (
                    "courier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="courier_made_optional.courier"
                    ),
                ),
            ],
            options={"verbose_name_plural": "deliveries"},
        ),
    ]


class OptionalCourier(migrations.Migration):
    dependencies = [("courier_made_optional", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="courier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="courier_made_optional.courier",
            ),
        ),
    ]
