"""A column that no index reads gets another collation.

verdict: safe
reason: A collation is not stored in the rows; without an index on the column there is nothing to
    sort again.
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
                ("orcid", models.CharField(max_length=19, unique=True)),
                ("born", models.SmallIntegerField(null=True)),
                ("bio", models.TextField(blank=True)),
            ],
        ),
    ]


class NameCollation(migrations.Migration):
    dependencies = [("author_name_collation_without_index", "0001_initial")]
    operations = [
        migrations.AlterField("author", "name", models.CharField(max_length=120, db_collation="C")),
    ]
