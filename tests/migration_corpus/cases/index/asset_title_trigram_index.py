"""An index for the search by similar titles arrives together with its extension.

verdict: unsafe
categories: blocking
reason: CREATE EXTENSION touches no table, but the GIN index behind it is built under SHARE, and every
    writer of assets waits until all titles are cut into trigrams.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("checksum", models.CharField(max_length=64, blank=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-uploaded_at"]},
        ),
    ]


class SearchTitles(migrations.Migration):
    dependencies = [("asset_title_trigram_index", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="asset",
            index=GinIndex(fields=["title"], name="asset_title_trgm", opclasses=["gin_trgm_ops"]),
        ),
    ]
