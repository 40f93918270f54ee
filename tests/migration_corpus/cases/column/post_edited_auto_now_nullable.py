"""A nullable time of the last change.

verdict: safe
reason: Whoever does not know the column writes NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddEdited(migrations.Migration):
    dependencies = [("post_edited_auto_now_nullable", "0001_initial")]
    operations = [
        migrations.AddField("post", "edited", models.DateTimeField(auto_now=True, null=True)),
    ]
