"""Objects are created in bulk, and update what is there.

verdict: unsafe
categories: bulk_write
reason: Every row has its twin among the new ones: ON CONFLICT DO UPDATE writes them all.
"""

from django.db import migrations, models


def double(apps, schema_editor):
    price = apps.get_model("prices_upserted_by_bulk_create", "Price")
    price.objects.bulk_create(
        [price(id=one.id, amount=one.amount + 1) for one in price.objects.all()],
        batch_size=1000,
        unique_fields=["id"],
        update_conflicts=True,
        update_fields=["amount"],
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Price",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.IntegerField()),
            ],
        ),
    ]


class Double(migrations.Migration):
    dependencies = [("prices_upserted_by_bulk_create", "0001_initial")]
    operations = [
        migrations.RunPython(double, migrations.RunPython.noop),
    ]
