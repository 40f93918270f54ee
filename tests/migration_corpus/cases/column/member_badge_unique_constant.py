"""A unique column with the same default for all.

verdict: unsafe
categories: blocking, fails, incompatible
reason: All rows get the one value, and the unique index cannot be built as soon as there are two.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddBadge(migrations.Migration):
    dependencies = [("member_badge_unique_constant", "0001_initial")]
    operations = [
        migrations.AddField("member", "badge", models.CharField(max_length=20, unique=True, default="none")),
    ]
