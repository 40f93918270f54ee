"""Every article gets a row in the table between it and its tags.

verdict: safe
reason: Rows are inserted, none is updated or deleted.
"""

from django.db import migrations, models


def tag_all(apps, schema_editor):
    article = apps.get_model("links_of_all_articles_added", "Article")
    tag = apps.get_model("links_of_all_articles_added", "Tag").objects.create(name="all")
    through = article.tags.through
    keys = article.objects.values_list("pk", flat=True)
    through.objects.bulk_create((through(article_id=key, tag_id=tag.pk) for key in keys), batch_size=1000)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("tags", models.ManyToManyField("links_of_all_articles_added.tag")),
            ],
        ),
    ]


class TagAll(migrations.Migration):
    dependencies = [("links_of_all_articles_added", "0001_initial")]
    operations = [
        migrations.RunPython(tag_all, migrations.RunPython.noop),
    ]
