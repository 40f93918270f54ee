"""Comes before a migration of another app, and says so itself."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("grown", "0001_squashed_0003_index")]
    run_before: ClassVar = [("members", "0002_index")]
    operations: ClassVar = [migrations.AddField("post", "late", models.IntegerField(null=True))]
