"""A concurrent index whose migration was left atomic.

verdict: unsafe
categories: fails
reason: AddIndexConcurrently refuses to run inside the transaction that an atomic migration opens.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("sensor", models.CharField(max_length=40)),
                ("unit", models.CharField(choices=[("c", "Celsius"), ("pct", "Per cent")], max_length=5)),
                ("value", models.FloatField()),
                ("taken_at", models.DateTimeField()),
                ("imported", models.BooleanField(default=False)),
            ],
        ),
    ]


class IndexReadings(migrations.Migration):
    dependencies = [("index_concurrently_in_transaction", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "reading", models.Index(fields=["sensor", "taken_at"], name="reading_sensor_taken_idx")
        ),
    ]
