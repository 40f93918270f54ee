"""A long CharField becomes a TextField, and another one loses its limit.

verdict: safe
reason: varchar(n) to text or to varchar without a length is binary compatible: no scan, no rewrite,
    no index.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Review",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)),
                ("title", models.CharField(max_length=80)),
                ("body", models.CharField(max_length=1000)),
                ("stars", models.PositiveSmallIntegerField(default=5)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class LongBodies(migrations.Migration):
    dependencies = [("review_body_varchar_to_text", "0001_initial")]
    operations = [
        migrations.AlterField("review", "body", models.TextField()),
        migrations.AlterField("review", "title", models.CharField()),
    ]
