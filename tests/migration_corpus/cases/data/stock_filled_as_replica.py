"""The column of what can be sold is filled with the triggers of the session off.

verdict: unsafe
categories: bulk_write
reason: session_replication_role spares the triggers and takes no lock, but the one UPDATE still writes all
    rows and keeps them locked until the commit.
"""

from django.db import migrations, models
from django.db.models import F


def fill_sellable(apps, schema_editor):
    Stock = apps.get_model("stock_filled_as_replica", "Stock")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Stock.objects.update(sellable=F("on_hand") - F("reserved"))
        cursor.execute("SET LOCAL session_replication_role = origin")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Stock",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=40)),
                ("on_hand", models.IntegerField(default=0)),
                ("reserved", models.IntegerField(default=0)),
            ],
        ),
    ]


class Sellable(migrations.Migration):
    dependencies = [("stock_filled_as_replica", "0001_initial")]
    operations = [migrations.AddField("stock", "sellable", models.IntegerField(null=True))]


class FillSellable(migrations.Migration):
    dependencies = [("stock_filled_as_replica", "0002_sellable")]
    operations = [migrations.RunPython(fill_sellable, migrations.RunPython.noop)]
