"""A JSON list of keywords becomes an array.

verdict: unsafe
categories: fails
reason: Django asks for a cast from jsonb to varchar[], and PostgreSQL has none, whatever the lists hold.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Recipe",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=150)),
                ("keywords", models.JSONField(default=list, blank=True)),
                ("servings", models.SmallIntegerField(default=4)),
            ],
        ),
    ]


class KeywordsAsArray(migrations.Migration):
    dependencies = [("recipe_keywords_json_to_array", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="recipe",
            name="keywords",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
    ]
