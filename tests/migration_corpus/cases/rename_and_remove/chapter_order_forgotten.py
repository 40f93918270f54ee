"""A model is no longer ordered with respect to another.

verdict: unsafe
categories: destructive, incompatible
reason: AlterOrderWithRespectTo drops the column _order, which the deployed release reads and writes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Chapter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("book", models.ForeignKey("chapter_order_forgotten.book", models.CASCADE)),
            ],
            options={"order_with_respect_to": "book"},
        ),
    ]


class ForgetOrder(migrations.Migration):
    dependencies = [("chapter_order_forgotten", "0001_initial")]
    operations = [
        migrations.AlterOrderWithRespectTo("chapter", None),
    ]
