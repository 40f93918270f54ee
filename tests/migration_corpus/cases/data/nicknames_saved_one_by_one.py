"""Each row is saved by itself in a migration without a transaction.

verdict: safe
reason: Every save() commits, and holds one row for a moment.
"""

from django.db import migrations, models


def shorten(apps, schema_editor):
    for person in apps.get_model("nicknames_saved_one_by_one", "Person").objects.iterator():
        person.nickname = person.name[:10]
        person.save(update_fields=["nickname"])


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("nickname", models.CharField(max_length=10, null=True)),
            ],
        ),
    ]


class ShortenNames(migrations.Migration):
    atomic = False

    dependencies = [("nicknames_saved_one_by_one", "0001_initial")]
    operations = [
        migrations.RunPython(shorten, migrations.RunPython.noop),
    ]
