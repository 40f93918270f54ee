"""Codes must be shorter.

verdict: unsafe
categories: blocking, incompatible
reason: varchar to a shorter varchar rewrites the table under ACCESS EXCLUSIVE, and the deployed
    release still writes forty characters.
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
                ("code", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=100)),
                ("unit", models.CharField(max_length=8, default="pcs")),
                ("price", models.DecimalField(max_digits=10, decimal_places=2)),
            ],
        ),
    ]


class ShorterCodes(migrations.Migration):
    dependencies = [("article_code_shrunk", "0001_initial")]
    operations = [
        migrations.AlterField("article", "code", models.CharField(max_length=12)),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO article_code_shrunk_article (code, title, unit, price)
        SELECT 'A-' || n, 'Article ' || n, 'pcs', 9.99 FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
