"""All rows are updated unless there is none.

verdict: unsafe
categories: bulk_write
reason: A site that is in use has rows.
"""

from django.db import migrations, models
from django.db.models import F


def double(apps, schema_editor):
    rate = apps.get_model("rates_rounded_if_there_are_any", "Rate")
    if not rate.objects.exists():
        return
    rate.objects.exclude(pk=0).update(value=F("value") * 2)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Rate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("value", models.IntegerField()),
            ],
        ),
    ]


class DoubleRates(migrations.Migration):
    dependencies = [("rates_rounded_if_there_are_any", "0001_initial")]
    operations = [
        migrations.RunPython(double, migrations.RunPython.noop),
    ]
