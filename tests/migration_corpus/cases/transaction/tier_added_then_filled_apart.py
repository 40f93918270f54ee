"""A column is added and filled by one UPDATE, in a migration without a transaction.

verdict: unsafe
categories: bulk_write
reason: The lock of ADD COLUMN is gone by then, but the UPDATE writes every row in one transaction.
"""

from django.db import migrations, models
from django.db.models import Case, Value, When


def fill_tier(apps, schema_editor):
    apps.get_model("tier_added_then_filled_apart", "Client").objects.update(
        tier=Case(When(turnover__gt=1000, then=Value("gold")), default=Value("plain"))
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Client",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("turnover", models.IntegerField()),
            ],
        ),
    ]


class AddTier(migrations.Migration):
    atomic = False

    dependencies = [("tier_added_then_filled_apart", "0001_initial")]
    operations = [
        migrations.AddField("client", "tier", models.CharField(max_length=10, null=True)),
        migrations.RunPython(fill_tier, migrations.RunPython.noop),
    ]
