"""A required foreign key with a default.

verdict: unsafe
categories: blocking, incompatible
reason: The index is built and the key validated with writers shut out; the deployed release's INSERT lacks
the column.
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
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Comment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
            ],
        ),
    ]


class AddAuthor(migrations.Migration):
    dependencies = [("comment_author_required_with_default", "0001_initial")]
    operations = [
        migrations.AddField(
            "comment",
            "author",
            models.ForeignKey("comment_author_required_with_default.author", models.CASCADE, default=1),
            preserve_default=False,
        ),
    ]
