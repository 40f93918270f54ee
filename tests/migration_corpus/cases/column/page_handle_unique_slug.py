"""A nullable slug that is unique.

verdict: unsafe
categories: blocking
reason: Two indexes are built under the ACCESS EXCLUSIVE lock of ADD COLUMN, and each build reads all rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Page",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddHandle(migrations.Migration):
    dependencies = [("page_handle_unique_slug", "0001_initial")]
    operations = [
        migrations.AddField("page", "handle", models.SlugField(null=True, unique=True)),
    ]
