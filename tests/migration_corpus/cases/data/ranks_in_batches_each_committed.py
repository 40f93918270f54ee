"""Rows are read by an iterator and written in batches, each in a transaction of its own.

verdict: safe
reason: The migration is not atomic, and no transaction has more than 500 rows.
"""

from itertools import islice

from django.db import migrations, models, transaction

SIZE = 500


def batches(rows):
    rows = iter(rows)
    while batch := list(islice(rows, SIZE)):
        yield batch


def fill_ranks(apps, schema_editor):
    player = apps.get_model("ranks_in_batches_each_committed", "Player")
    alias = schema_editor.connection.alias
    for batch in batches(player.objects.using(alias).order_by("pk").iterator(chunk_size=SIZE)):
        for one in batch:
            one.rank = one.points // 10
        with transaction.atomic(using=alias):
            player.objects.using(alias).bulk_update(batch, ["rank"])


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Player",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("points", models.IntegerField()),
                ("rank", models.IntegerField(null=True)),
            ],
        ),
    ]


class FillRanks(migrations.Migration):
    atomic = False

    dependencies = [("ranks_in_batches_each_committed", "0001_initial")]
    operations = [
        migrations.RunPython(fill_ranks, migrations.RunPython.noop),
    ]
