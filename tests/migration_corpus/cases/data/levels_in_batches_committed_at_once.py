"""Batches are written in one transaction around all of them, though the migration is not atomic.

verdict: unsafe
categories: bulk_write
reason: transaction.atomic() spans the loop, so that every row stays locked to its end.
"""

from django.db import migrations, models, transaction


def fill_levels(apps, schema_editor):
    player = apps.get_model("levels_in_batches_committed_at_once", "Player")
    with transaction.atomic(using=schema_editor.connection.alias):
        last = 0
        while keys := list(
            player.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:1000]
        ):
            player.objects.filter(pk__in=keys).update(level=1)
            last = keys[-1]


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Player",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("level", models.IntegerField(null=True)),
            ],
        ),
    ]


class FillLevels(migrations.Migration):
    atomic = False

    dependencies = [("levels_in_batches_committed_at_once", "0001_initial")]
    operations = [
        migrations.RunPython(fill_levels, migrations.RunPython.noop),
    ]
