"""A nullable key to the user model, with the index that comes with it.

verdict: unsafe
categories: blocking
reason: The index is built while the lock of ADD COLUMN is held.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Report",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddReviewer(migrations.Migration):
    dependencies = [("report_reviewer_user_key", "0001_initial")]
    operations = [
        migrations.AddField(
            "report",
            "reviewer",
            models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"),
        ),
    ]
