"""A TextField becomes a CharField.

verdict: unsafe
categories: blocking, incompatible
reason: The length of every value is checked and the table rewritten under ACCESS EXCLUSIVE; the
    deployed release still writes texts of any length.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Comment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("author_name", models.CharField(max_length=80)),
                ("author_email", models.EmailField(max_length=254)),
                ("body", models.TextField()),
                ("approved", models.BooleanField(default=False)),
            ],
        ),
    ]


class ShortBodies(migrations.Migration):
    dependencies = [("review_body_text_to_varchar", "0001_initial")]
    operations = [
        migrations.AlterField("comment", "body", models.CharField(max_length=280)),
    ]
