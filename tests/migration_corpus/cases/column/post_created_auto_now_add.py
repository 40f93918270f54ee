"""A creation time with a one-off default.

verdict: unsafe
categories: incompatible
reason: auto_now_add is Python's; the column is NOT NULL without a default, and the deployed release does
not know it.
"""

from django.db import migrations, models
from django.utils import timezone


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddCreated(migrations.Migration):
    dependencies = [("post_created_auto_now_add", "0001_initial")]
    operations = [
        migrations.AddField(
            "post",
            "created",
            models.DateTimeField(auto_now_add=True, default=timezone.now),
            preserve_default=False,
        ),
    ]
