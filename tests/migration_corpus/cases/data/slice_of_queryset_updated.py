"""A slice of a queryset is updated.

verdict: unsafe
categories: fails
reason: Django refuses to update what has been sliced, whatever the rows.
"""

from django.db import migrations, models


def mark(apps, schema_editor):
    apps.get_model("slice_of_queryset_updated", "Row").objects.order_by("pk")[:100].update(name="x")


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
    dependencies = [("slice_of_queryset_updated", "0001_initial")]
    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
