"""A model with a table name of its own gets another name.

verdict: safe
reason: db_table and the columns that refer to the table stay; RenameModel runs no statement.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Vendor",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("iban", models.CharField(max_length=34, blank=True)),
                ("rating", models.SmallIntegerField(default=3)),
            ],
            options={"db_table": "purchasing_vendor"},
        ),
        migrations.CreateModel(
            "PurchaseOrder",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("vendor", models.ForeignKey("vendor_model_renamed_with_db_table.vendor", models.PROTECT)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("ordered_on", models.DateField()),
            ],
            options={"db_table": "purchasing_order"},
        ),
    ]


class VendorToSupplier(migrations.Migration):
    dependencies = [("vendor_model_renamed_with_db_table", "0001_initial")]
    operations = [
        migrations.RenameModel("Vendor", "Supplier"),
        migrations.AlterModelOptions("supplier", {"verbose_name": "supplier", "ordering": ["name"]}),
    ]
