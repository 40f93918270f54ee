"""An indexed column gets another collation.

verdict: unsafe
categories: blocking
reason: The order within the index depends on the collation: it is built again under ACCESS
    EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Author",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("sort_key", models.CharField(max_length=120)),
                ("born", models.SmallIntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["sort_key", "id"], name="author_sort_idx")]},
        ),
    ]


class KeyCollation(migrations.Migration):
    dependencies = [("author_key_collation_with_index", "0001_initial")]
    operations = [
        migrations.AlterField("author", "sort_key", models.CharField(max_length=120, db_collation="C")),
    ]
