"""Letters are marked page by page, in an atomic migration.

verdict: unsafe
categories: bulk_write
reason: Pages keep each UPDATE small and not the transaction: after the last page every letter is written
    and still locked.
"""

from django.core.paginator import Paginator
from django.db import migrations, models


def mark_letters(apps, schema_editor):
    Letter = apps.get_model("letter_pages_marked_by_paginator", "Letter")
    paginator = Paginator(Letter.objects.order_by("pk").only("pk", "body"), 2000)
    for number in paginator.page_range:
        letters = paginator.page(number).object_list
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(format="html")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Letter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("body", models.TextField()),
                ("format", models.CharField(max_length=10, default="text")),
            ],
        ),
    ]


class MarkLetters(migrations.Migration):
    dependencies = [("letter_pages_marked_by_paginator", "0001_initial")]
    operations = [migrations.RunPython(mark_letters, migrations.RunPython.noop)]
