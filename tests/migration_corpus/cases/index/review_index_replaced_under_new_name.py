"""An index gets its name from the style guide by being dropped and made again.

verdict: unsafe
categories: blocking
reason: The second operation builds the whole index anew, under SHARE and the drop's ACCESS EXCLUSIVE lock.
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
            options={"indexes": [models.Index(fields=["product_code", "published"], name="review_prod_ix")]},
        ),
    ]


class NameIndexes(migrations.Migration):
    dependencies = [("review_index_replaced_under_new_name", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="review", name="review_prod_ix"),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["product_code", "published"], name="ix_review__product_published"),
        ),
    ]
