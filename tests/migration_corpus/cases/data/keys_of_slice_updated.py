"""The rows of a slice are updated by a subquery of their keys.

verdict: safe
reason: A hundred rows are written, however many there are.
"""

from django.db import migrations, models


def mark(apps, schema_editor):
    row = apps.get_model("keys_of_slice_updated", "Row")
    row.objects.filter(pk__in=row.objects.order_by("pk").values("pk")[:100]).update(name="x")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Row",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class Mark(migrations.Migration):
    dependencies = [("keys_of_slice_updated", "0001_initial")]
    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
