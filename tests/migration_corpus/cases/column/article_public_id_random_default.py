"""A random identifier made by the database for every row.

verdict: unsafe
categories: blocking
reason: gen_random_uuid() is volatile, so ADD COLUMN computes it for each row and rewrites the table
    under ACCESS EXCLUSIVE.
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Section",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "section",
                    models.ForeignKey("article_public_id_random_default.section", models.PROTECT),
                ),
                ("headline", models.CharField(max_length=160)),
                ("body", models.TextField()),
                ("published_at", models.DateTimeField(null=True, blank=True)),
            ],
        ),
    ]


class ArticlePublicId(migrations.Migration):
    dependencies = [("article_public_id_random_default", "0001_initial")]
    operations = [
        migrations.AddField(
            "article", "public_id", models.UUIDField(db_default=RandomUUID(), editable=False)
        ),
    ]
