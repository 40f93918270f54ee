"""The ledger is locked against writers, then all balances are computed again.

verdict: unsafe
categories: blocking, bulk_write
reason: LOCK TABLE stops every writer until the UPDATE of the whole table has committed.
"""

from django.db import migrations, models


def recompute(apps, schema_editor):
    Wallet = apps.get_model("balances_updated_under_table_lock", "Wallet")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Wallet._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    Wallet.objects.update(balance=models.F("credited") - models.F("debited"))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Wallet",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("holder", models.CharField(max_length=120)),
                ("credited", models.DecimalField(max_digits=12, decimal_places=2, default=0)),
                ("debited", models.DecimalField(max_digits=12, decimal_places=2, default=0)),
                ("balance", models.DecimalField(max_digits=14, decimal_places=2, default=0)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class RecomputeBalances(migrations.Migration):
    dependencies = [("balances_updated_under_table_lock", "0001_initial")]
    operations = [migrations.RunPython(recompute, migrations.RunPython.noop)]
