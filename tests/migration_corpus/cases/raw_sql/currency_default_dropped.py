"""The database default of a column goes, since the new release always sends the currency.

verdict: unsafe
categories: incompatible
reason: The deployed release writes DEFAULT for the column; that is NULL now, in a NOT NULL column.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Payment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=40)),
                ("amount", models.DecimalField(max_digits=10, decimal_places=2)),
                ("currency", models.CharField(max_length=3, db_default="EUR")),
                ("paid_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class DropCurrencyDefault(migrations.Migration):
    dependencies = [("currency_default_dropped", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "alter table currency_default_dropped_payment alter column currency drop default;",
                    "alter table currency_default_dropped_payment alter column currency set default 'EUR';",
                ),
            ],
            state_operations=[
                migrations.AlterField("payment", "currency", models.CharField(max_length=3, default="EUR")),
            ],
        ),
    ]
