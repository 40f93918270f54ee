"""File sizes outgrow four bytes.

verdict: unsafe
categories: blocking
reason: integer to bigint changes how each row is stored: the table and its indexes are rewritten
    under ACCESS EXCLUSIVE.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Attachment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                ("name", models.CharField(max_length=255)),
                ("mime_type", models.CharField(max_length=80, default="application/octet-stream")),
                ("size", models.IntegerField()),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class BigSizes(migrations.Migration):
    dependencies = [("attachment_size_int_to_bigint", "0001_initial")]
    operations = [
        migrations.AlterField(model_name="attachment", name="size", field=models.BigIntegerField()),
    ]
