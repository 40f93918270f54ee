"""A model is renamed in the state alone and keeps its table; others point to it by keys.

verdict: safe
reason: No statement runs; the table is the same and the columns of the keys are named after their fields,
    not after the model.
"""

from django.db import migrations, models

APP = "supplier_model_renamed_in_state"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Vendor",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("company", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "PurchaseOrder",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("placed_on", models.DateField()),
                ("vendor", models.ForeignKey(f"{APP}.vendor", models.PROTECT, related_name="orders")),
            ],
        ),
    ]


class VendorsAreSuppliers(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.RenameModel("Vendor", "Supplier"),
                migrations.AlterModelTable("Supplier", f"{APP}_vendor"),
            ],
        ),
    ]
