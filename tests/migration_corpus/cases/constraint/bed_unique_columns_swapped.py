"""The columns of unique_together change places, so that the index serves another query.

verdict: unsafe
categories: blocking
reason: Another order is another constraint: the new index is built under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Bed",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("ward", models.CharField(max_length=40)),
                ("number", models.IntegerField()),
                ("occupied", models.BooleanField(default=False)),
            ],
            options={"unique_together": {("ward", "number")}},
        ),
    ]


class NumberFirst(migrations.Migration):
    dependencies = [("bed_unique_columns_swapped", "0001_initial")]
    operations = [migrations.AlterUniqueTogether("bed", {("number", "ward")})]
