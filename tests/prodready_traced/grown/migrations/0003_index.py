"""Builds an index."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("grown", "0002_note")]
    operations: ClassVar = [
        migrations.AddIndex("post", models.Index(fields=["note"], name="slow_post")),
    ]
