"""An index for the search by similar names is built beside the shop, after its extension was installed.

verdict: safe
reason: The extension touches no table, and the migration is not atomic, so that the index can be built
    concurrently.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Upper


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Product",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=150)),
                ("available", models.BooleanField(default=True)),
            ],
        ),
    ]


class SearchNames(migrations.Migration):
    atomic = False
    dependencies = [("product_name_trigram_concurrently", "0001_initial")]
    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            "product",
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="product_name_trgm"),
        ),
    ]
