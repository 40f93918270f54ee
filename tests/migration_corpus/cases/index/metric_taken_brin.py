"""A BRIN index, which is small.

verdict: unsafe
categories: blocking
reason: Small as it is, all rows are read for it while writers wait.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Metric",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("taken", models.DateTimeField()),
            ],
        ),
    ]


class IndexTaken(migrations.Migration):
    dependencies = [("metric_taken_brin", "0001_initial")]
    operations = [
        migrations.AddIndex("metric", BrinIndex(fields=["taken"], name="metric_taken_brin_brin")),
    ]
