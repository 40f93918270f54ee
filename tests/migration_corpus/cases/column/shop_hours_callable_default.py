"""A required JSON column whose default is a function.

verdict: unsafe
categories: incompatible
reason: The function's value fills the rows, then the default is gone; the deployed release's INSERT has no
such column.
"""

from django.db import migrations, models


def closed_all_week():
    return {"open": [], "close": []}


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shop",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddHours(migrations.Migration):
    dependencies = [("shop_hours_callable_default", "0001_initial")]
    operations = [
        migrations.AddField("shop", "hours", models.JSONField(default=closed_all_week)),
    ]
