"""A unique token column is filled with the value of one uuid4() call.

verdict: unsafe
categories: fails
reason: update() evaluates uuid4() once; the second API key already violates the unique constraint.
"""

import uuid

from django.db import migrations, models


def issue_tokens(apps, schema_editor):
    ApiKey = apps.get_model("one_token_for_all_api_keys", "ApiKey")
    ApiKey.objects.update(token=uuid.uuid4())


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO one_token_for_all_api_keys_apikey (label, prefix, is_revoked, created_at)"
        " SELECT 'Key ' || n, lpad(n::text, 8, '0'), false, now() FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "ApiKey",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=8)),
                ("is_revoked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("token", models.UUIDField(null=True, unique=True, editable=False)),
            ],
            options={"verbose_name": "API key"},
        ),
    ]


class IssueTokens(migrations.Migration):
    dependencies = [("one_token_for_all_api_keys", "0001_initial")]
    operations = [migrations.RunPython(issue_tokens, migrations.RunPython.noop)]
