"""An index gets its name from the style guide by being renamed.

verdict: safe
reason: ALTER INDEX ... RENAME changes the catalogue and touches neither the table's lock nor its rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("product_code", models.CharField(max_length=40)),
                ("stars", models.SmallIntegerField(default=5)),
                ("text", models.TextField(blank=True)),
                ("author", models.CharField(max_length=80)),
                ("published", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["product_code", "published"], name="review_product_ix")]
            },
        ),
    ]


class NameIndexes(migrations.Migration):
    dependencies = [("review_index_renamed", "0001_initial")]
    operations = [
        migrations.RenameIndex(
            model_name="review",
            new_name="ix_review__prod_published",
            old_name="review_product_ix",
        ),
    ]
