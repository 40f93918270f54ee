"""Every stock item is moved to the main warehouse, then the foreign key becomes mandatory.

verdict: unsafe
categories: blocking, bulk_write, incompatible
reason: One transaction updates all items, then SET NOT NULL and the constraint made anew scan the table under
    ACCESS EXCLUSIVE; the deployed release still inserts items without a warehouse.
"""

from django.db import migrations, models


def move_to_main_warehouse(apps, schema_editor):
    Warehouse = apps.get_model("warehouse_filled_and_required", "Warehouse")
    StockItem = apps.get_model("warehouse_filled_and_required", "StockItem")
    main, _ = Warehouse.objects.get_or_create(code="MAIN", defaults={"name": "Main warehouse"})
    StockItem.objects.update(warehouse=main)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Warehouse",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "StockItem",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=32)),
                ("quantity", models.IntegerField(default=0)),
                ("shelf", models.CharField(max_length=12, blank=True, default="")),
                (
                    "warehouse",
                    models.ForeignKey(
                        "warehouse_filled_and_required.warehouse", null=True, on_delete=models.PROTECT
                    ),
                ),
            ],
        ),
    ]


class RequireWarehouse(migrations.Migration):
    dependencies = [("warehouse_filled_and_required", "0001_initial")]
    operations = [
        migrations.RunPython(move_to_main_warehouse, migrations.RunPython.noop),
        migrations.AlterField(
            "stockitem",
            "warehouse",
            models.ForeignKey("warehouse_filled_and_required.warehouse", on_delete=models.PROTECT),
        ),
    ]
