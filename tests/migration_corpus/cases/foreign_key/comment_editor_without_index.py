"""Comments remember who edited them last: a nullable key that brings no index.

verdict: safe
reason: The new column is NULL everywhere, so PostgreSQL adds its foreign key without reading a row.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("upvotes", models.IntegerField(default=0)),
                ("hidden", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]


class CommentEditor(migrations.Migration):
    dependencies = [("comment_editor_without_index", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="comment",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
