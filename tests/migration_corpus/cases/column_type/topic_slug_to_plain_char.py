"""A slug becomes a plain text of the same length.

verdict: safe
reason: Only the indexes that a slug has are dropped.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Topic",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("slug", models.SlugField()),
            ],
        ),
    ]


class PlainText(migrations.Migration):
    dependencies = [("topic_slug_to_plain_char", "0001_initial")]
    operations = [
        migrations.AlterField("topic", "slug", models.CharField(max_length=50)),
    ]
