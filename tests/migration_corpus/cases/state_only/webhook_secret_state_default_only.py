"""A database default that the state has and the database has not.

verdict: unsafe
categories: incompatible
reason: The new release writes DEFAULT for the column; the database has none, so that is NULL in a
    NOT NULL column.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Webhook",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("url", models.URLField(max_length=200)),
                ("algorithm", models.CharField(max_length=12, default="sha256")),
                ("active", models.BooleanField(default=True)),
                ("retries", models.SmallIntegerField(default=3)),
            ],
        ),
    ]


class AlgorithmDefault(migrations.Migration):
    dependencies = [("webhook_secret_state_default_only", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "webhook", "algorithm", models.CharField(max_length=12, db_default="sha256")
                ),
            ],
        ),
    ]
