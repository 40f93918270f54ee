"""A table gets a name without the app's label.

verdict: unsafe
categories: incompatible
reason: The deployed release reads and writes the table under its old name.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Recipe",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("servings", models.SmallIntegerField(default=2)),
                ("minutes", models.IntegerField(null=True)),
                ("instructions", models.TextField()),
            ],
        ),
    ]


class ShortTableName(migrations.Migration):
    dependencies = [("recipe_table_renamed", "0001_initial")]
    operations = [migrations.AlterModelTable("recipe", "recipes")]
