"""A nullable JSON column with a Python default.

verdict: safe
reason: The default is constant when it comes to the database, so that no row is written, and NULL is
allowed after.
"""

from django.db import migrations, models


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


class AddTheme(migrations.Migration):
    dependencies = [("shop_theme_json_nullable", "0001_initial")]
    operations = [
        migrations.AddField("shop", "theme", models.JSONField(null=True, default=dict)),
    ]
