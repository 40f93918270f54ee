"""Kinds in one database, events in another."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations: ClassVar = [
        migrations.CreateModel(
            "Kind", [("id", models.BigAutoField(primary_key=True)), ("code", models.TextField())]
        ),
        migrations.CreateModel(
            "Event", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        ),
    ]
