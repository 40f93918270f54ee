"""Stands for the first three."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [("grown", "0001_initial"), ("grown", "0002_note"), ("grown", "0003_index")]
    dependencies: ClassVar = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations: ClassVar = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                ("note", models.IntegerField(null=True)),
            ],
        ),
        migrations.AddIndex("post", models.Index(fields=["note"], name="slow_post")),
    ]
