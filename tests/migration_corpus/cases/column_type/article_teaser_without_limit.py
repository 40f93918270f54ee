"""A text of limited length loses its limit.

verdict: safe
reason: varchar(200) to varchar needs neither rewrite nor scan.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("teaser", models.CharField(max_length=200)),
            ],
        ),
    ]


class LiftLimit(migrations.Migration):
    dependencies = [("article_teaser_without_limit", "0001_initial")]
    operations = [
        migrations.AlterField("article", "teaser", models.CharField()),
    ]
