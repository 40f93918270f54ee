"""A delivery may be without a courier; only NOT NULL is taken away.

verdict: safe
reason: DROP NOT NULL is a change of the catalogue; the foreign key stays as it is.
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
                        on_delete=django.db.models.deletion.PROTECT, to="courier_not_null_lifted.courier"
                    ),
                ),
            ],
            options={"verbose_name_plural": "deliveries"},
        ),
    ]


class OptionalCourier(migrations.Migration):
    dependencies = [("courier_not_null_lifted", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE courier_not_null_lifted_delivery ALTER COLUMN courier_id DROP NOT NULL",
            "ALTER TABLE courier_not_null_lifted_delivery ALTER COLUMN courier_id SET NOT NULL",
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="courier",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="courier_not_null_lifted.courier",
                    ),
                ),
            ],
        ),
    ]
