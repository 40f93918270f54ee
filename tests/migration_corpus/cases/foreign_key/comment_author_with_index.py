"""Comments remember who edited them last: a nullable key to the site's users.

verdict: unsafe
categories: blocking
reason: A ForeignKey has an index by default, which is built while ADD COLUMN's ACCESS EXCLUSIVE is held.
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
    dependencies = [("comment_author_with_index", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="comment",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
