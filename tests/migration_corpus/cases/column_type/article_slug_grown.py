"""Slugs and titles may be longer.

verdict: safe
reason: varchar to a longer varchar changes the catalogue alone, and plain indexes, unique ones and
    those with varchar_pattern_ops too, are kept as they are.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("slug", models.SlugField(max_length=50, unique=True)),
                ("title", models.CharField(max_length=100, db_index=True)),
                ("source_url", models.URLField(max_length=200, blank=True)),
                ("body", models.TextField()),
                ("published_at", models.DateTimeField(null=True, db_index=True)),
            ],
        ),
    ]


class LongerSlugs(migrations.Migration):
    dependencies = [("article_slug_grown", "0001_initial")]
    operations = [
        migrations.AlterField("article", "slug", models.SlugField(max_length=160, unique=True)),
        migrations.AlterField("article", "title", models.CharField(max_length=250, db_index=True)),
        migrations.AlterField("article", "source_url", models.URLField(max_length=2000, blank=True)),
    ]
