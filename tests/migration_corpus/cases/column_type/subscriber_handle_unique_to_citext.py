"""A unique text column becomes citext.

verdict: unsafe
categories: blocking
reason: The index compares otherwise from now on and is built anew under ACCESS EXCLUSIVE.
"""

from django.contrib.postgres.operations import CITextExtension
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Subscriber",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("handle", models.TextField(unique=True)),
            ],
        ),
        CITextExtension(),
    ]


class IgnoreCase(migrations.Migration):
    dependencies = [("subscriber_handle_unique_to_citext", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE subscriber_handle_unique_to_citext_subscriber ALTER COLUMN handle TYPE citext",
            "ALTER TABLE subscriber_handle_unique_to_citext_subscriber ALTER COLUMN handle TYPE text",
        ),
    ]
