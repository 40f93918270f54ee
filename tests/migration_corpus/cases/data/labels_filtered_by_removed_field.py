"""Python filters by a field that an earlier migration removed.

verdict: unsafe
categories: fails
reason: FieldError, whatever the rows.
"""

from django.db import migrations, models


def clean_labels(apps, schema_editor):
    apps.get_model("labels_filtered_by_removed_field", "Label").objects.filter(legacy=True).update(name="old")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Label",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("legacy", models.BooleanField(default=False)),
            ],
        ),
    ]


class RemoveLegacy(migrations.Migration):
    dependencies = [("labels_filtered_by_removed_field", "0001_initial")]
    operations = [
        migrations.RemoveField("label", "legacy"),
    ]


class CleanLabels(migrations.Migration):
    dependencies = [("labels_filtered_by_removed_field", "0002_remove_legacy")]
    operations = [
        migrations.RunPython(clean_labels, migrations.RunPython.noop),
    ]
