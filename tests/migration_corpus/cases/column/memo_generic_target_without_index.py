"""Memos can hang on anything: a generic relation of two nullable columns.

verdict: safe
reason: Both columns are NULL for the rows that exist, the number has no CHECK, and neither brings an index.
"""

import django.db.models.deletion
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Memo",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class Target(migrations.Migration):
    dependencies = [
        ("memo_generic_target_without_index", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddField(
            model_name="memo",
            name="target_type",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField(
            model_name="memo", name="target_id", field=models.BigIntegerField(blank=True, null=True)
        ),
    ]
