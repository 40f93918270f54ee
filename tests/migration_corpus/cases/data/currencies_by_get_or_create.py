"""Reference data: four currencies by get_or_create() and a price list for each.

verdict: safe
reason: A handful of rows is inserted or found by a unique code; no row that exists is rewritten.
"""

from django.db import migrations, models

CURRENCIES = [("EUR", "Euro", 2), ("USD", "US dollar", 2), ("JPY", "Yen", 0), ("KWD", "Kuwaiti dinar", 3)]


def create_currencies(apps, schema_editor):
    Currency = apps.get_model("currencies_by_get_or_create", "Currency")
    PriceList = apps.get_model("currencies_by_get_or_create", "PriceList")
    for code, name, decimals in CURRENCIES:
        currency, _ = Currency.objects.get_or_create(code=code, defaults={"name": name, "decimals": decimals})
        PriceList.objects.get_or_create(currency=currency, name=f"Default {code}")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Currency",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=3, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("decimals", models.SmallIntegerField(default=2)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={"verbose_name_plural": "currencies"},
        ),
        migrations.CreateModel(
            "PriceList",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "currency",
                    models.ForeignKey("currencies_by_get_or_create.currency", on_delete=models.PROTECT),
                ),
                ("name", models.CharField(max_length=60)),
                ("valid_from", models.DateField(null=True)),
            ],
        ),
    ]


class CreateCurrencies(migrations.Migration):
    dependencies = [("currencies_by_get_or_create", "0001_initial")]
    operations = [migrations.RunPython(create_currencies, migrations.RunPython.noop)]
