"""Categories become a tree: the columns of nested sets are added, as a tree library asks for.

verdict: unsafe
categories: blocking, incompatible
reason: Each column brings an index and a CHECK that reads the table, and none has a default in the database
    for the rows that the deployed release inserts.
"""

from django.db import migrations, models

APP = "category_gets_tree_columns"


def tree_column(name):
    return migrations.AddField(
        model_name="category",
        name=name,
        field=models.PositiveIntegerField(default=0, db_index=name == "tree_id", editable=False),
        preserve_default=False,
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Category",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("position", models.IntegerField(default=0)),
            ],
        ),
    ]


class Tree(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="category",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.CASCADE,
                related_name="children",
                to=f"{APP}.category",
            ),
        ),
        *(tree_column(name) for name in ("lft", "rght", "tree_id", "level")),
    ]
