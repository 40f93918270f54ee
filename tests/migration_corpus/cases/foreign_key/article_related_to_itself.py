"""A many-to-many field from a model to itself.

verdict: safe
reason: A table is created; that it refers to the articles locks them for a moment.
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
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddRelated(migrations.Migration):
    dependencies = [("article_related_to_itself", "0001_initial")]
    operations = [
        migrations.AddField("article", "related", models.ManyToManyField("self", blank=True)),
    ]
