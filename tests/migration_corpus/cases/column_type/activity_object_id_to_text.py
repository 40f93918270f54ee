"""The key of a generic relation becomes a text, because some models have UUIDs as keys.

verdict: unsafe
categories: blocking, incompatible
reason: All rows are written again and the index over both columns is rebuilt; the deployed release compares
    the column with numbers, for which PostgreSQL has no operator.
"""

import django.db.models.deletion
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [("contenttypes", "0002_remove_content_type_name")]
    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=40)),
                ("object_id", models.PositiveIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["content_type", "object_id"], name="activity_target_idx")],
            },
        ),
    ]


class ObjectIdsOfAnyKind(migrations.Migration):
    dependencies = [("activity_object_id_to_text", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="activity",
            name="object_id",
            field=models.CharField(max_length=36),
        ),
    ]
