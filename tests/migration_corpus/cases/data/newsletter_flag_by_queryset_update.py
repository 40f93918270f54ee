"""A queryset of all rows is updated.

verdict: unsafe
categories: bulk_write
reason: It is one UPDATE without WHERE.
"""

from django.db import migrations, models


def subscribe_all(apps, schema_editor):
    reader = apps.get_model("newsletter_flag_by_queryset_update", "Reader")
    reader.objects.update(newsletter=True)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Reader",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("newsletter", models.BooleanField(default=False)),
            ],
        ),
    ]


class SubscribeAll(migrations.Migration):
    dependencies = [("newsletter_flag_by_queryset_update", "0001_initial")]
    operations = [
        migrations.RunPython(subscribe_all, migrations.RunPython.noop),
    ]
