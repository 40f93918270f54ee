"""An expression is indexed concurrently.

verdict: safe
reason: Writers pass while the index is built, whatever it is made of.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.TextField()),
            ],
        ),
    ]


class IndexTitle(migrations.Migration):
    atomic = False

    dependencies = [("search_gin_concurrently_on_expression", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "post",
            GinIndex(
                SearchVector("title", config="english"), name="search_gin_concurrently_on_expression_gin"
            ),
        ),
    ]
