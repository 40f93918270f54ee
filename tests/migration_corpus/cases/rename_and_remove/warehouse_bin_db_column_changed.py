"""A field's column gets the name that the field has.

verdict: unsafe
categories: incompatible
reason: Without db_column the field means the column "shelf": AlterField renames "bin_no", which the
    deployed release goes on using.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Stock",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=40)),
                ("shelf", models.CharField(max_length=12, db_column="bin_no")),
                ("pieces", models.IntegerField(default=0)),
                ("counted_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class ShelfColumn(migrations.Migration):
    dependencies = [("warehouse_bin_db_column_changed", "0001_initial")]
    operations = [
        migrations.AlterField("stock", "shelf", models.CharField(max_length=12)),
    ]
