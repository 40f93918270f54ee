"""A deferrable unique constraint.

verdict: unsafe
categories: blocking
reason: When it is checked matters to later transactions; its index is built now.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Rank",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("position", models.IntegerField()),
            ],
        ),
    ]


class UniquePosition(migrations.Migration):
    dependencies = [("rank_unique_deferrable", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "rank",
            models.UniqueConstraint(
                fields=["position"],
                name="rank_unique_deferrable_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ),
    ]
