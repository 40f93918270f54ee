"""A random identifier for new rows alone.

verdict: safe
reason: The column is added as NULL and SET DEFAULT follows as a statement of its own: the volatile
    function runs for new rows only, and both statements change the catalogue alone.
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
                    models.ForeignKey("article_share_key_default_set_later.section", models.PROTECT),
                ),
                ("headline", models.CharField(max_length=160)),
                ("body", models.TextField()),
            ],
        ),
    ]


class ArticleShareKey(migrations.Migration):
    dependencies = [("article_share_key_default_set_later", "0001_initial")]
    operations = [
        migrations.AddField("article", "share_key", models.UUIDField(null=True, editable=False)),
        migrations.AlterField(
            "article",
            "share_key",
            models.UUIDField(null=True, editable=False, db_default=RandomUUID()),
        ),
    ]
