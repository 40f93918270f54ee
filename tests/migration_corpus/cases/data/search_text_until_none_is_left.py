"""A loop that takes the next 2,000 rows without the new value until there are none.

verdict: safe
reason: Every row is written in the end, but never more than 2,000 of them in one transaction.
"""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Lower


def fill_search_text(apps, schema_editor):
    Article = apps.get_model("search_text_until_none_is_left", "Article")
    pending = Article.objects.filter(search_text__isnull=True)
    while ids := list(pending.values_list("pk", flat=True)[:2000]):
        Article.objects.filter(pk__in=ids).update(
            search_text=Lower(Concat("title", Value(" "), "body", output_field=models.TextField()))
        )


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO search_text_until_none_is_left_article (title, slug, body, is_published)"
        " SELECT 'Title ' || n, 'title-' || n, 'Body of ' || n, true FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                ("body", models.TextField()),
                ("is_published", models.BooleanField(default=False)),
            ],
        ),
    ]


class AddSearchText(migrations.Migration):
    dependencies = [("search_text_until_none_is_left", "0001_initial")]
    operations = [migrations.AddField("article", "search_text", models.TextField(null=True, editable=False))]


class FillSearchText(migrations.Migration):
    atomic = False
    dependencies = [("search_text_until_none_is_left", "0002_add_search_text")]
    operations = [migrations.RunPython(fill_search_text, migrations.RunPython.noop)]
