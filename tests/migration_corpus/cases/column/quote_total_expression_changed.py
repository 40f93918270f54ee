"""The expression of a generated column is corrected by AlterField.

verdict: unsafe
categories: fails
reason: Django raises ValueError: a generated field cannot be modified, it has to be removed and added
    again.
"""

from django.db import migrations, models
from django.db.models import F


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Quote",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("labour", models.IntegerField()),
                ("material", models.IntegerField()),
                ("discount", models.IntegerField(default=0)),
                (
                    "total",
                    models.GeneratedField(
                        expression=F("labour") + F("material"),
                        output_field=models.BigIntegerField(),
                        db_persist=True,
                    ),
                ),
            ],
        ),
    ]


class MindDiscount(migrations.Migration):
    dependencies = [("quote_total_expression_changed", "0001_initial")]
    operations = [
        migrations.AlterField(
            "quote",
            "total",
            models.GeneratedField(
                expression=F("labour") + F("material") - F("discount"),
                output_field=models.BigIntegerField(),
                db_persist=True,
            ),
        ),
    ]
