"""An index is built concurrently, and a backfill runs in slices, in one migration without a transaction.

verdict: safe
reason: Each slice commits by itself, and CONCURRENTLY lets writers pass.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def fill_keys(apps, schema_editor):
    row = apps.get_model("index_and_backfill_apart", "Row")
    while True:
        keys = list(row.objects.filter(key=None).values_list("pk", flat=True)[:2000])
        if not keys:
            break
        row.objects.filter(pk__in=keys).update(key="k")


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO index_and_backfill_apart_row (name) SELECT g::text FROM generate_series(1, %s) AS g",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Row",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=10, null=True)),
            ],
        ),
    ]


class IndexAndFill(migrations.Migration):
    atomic = False

    dependencies = [("index_and_backfill_apart", "0001_initial")]
    operations = [
        AddIndexConcurrently("row", models.Index(fields=["name"], name="index_and_backfill_apart_name")),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
    ]
