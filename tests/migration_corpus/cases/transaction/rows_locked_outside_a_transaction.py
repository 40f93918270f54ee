"""Rows are selected for update in a migration without a transaction.

verdict: unsafe
categories: fails
reason: Django refuses select_for_update() in autocommit mode.
"""

from django.db import migrations, models


def touch(apps, schema_editor):
    for row in (
        apps.get_model("rows_locked_outside_a_transaction", "Row").objects.select_for_update().filter(pk=1)
    ):
        row.save()


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


class Touch(migrations.Migration):
    atomic = False

    dependencies = [("rows_locked_outside_a_transaction", "0001_initial")]
    operations = [
        migrations.RunPython(touch, migrations.RunPython.noop),
    ]
