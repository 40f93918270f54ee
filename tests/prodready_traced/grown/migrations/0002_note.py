"""Adds a column."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("grown", "0001_initial")]
    operations: ClassVar = [migrations.AddField("post", "note", models.IntegerField(null=True))]
