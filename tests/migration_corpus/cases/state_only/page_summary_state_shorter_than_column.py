"""A CharField shrinks in the state alone, and a nullable one becomes mandatory there.

verdict: safe
reason: The database accepts more than the new release writes: forms refuse long and empty values
    first, the columns may follow later.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Page",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("path", models.CharField(max_length=255, unique=True)),
                ("summary", models.CharField(max_length=400, blank=True)),
                ("language", models.CharField(max_length=5, null=True)),
                ("body", models.TextField(blank=True)),
            ],
        ),
    ]


class StricterPage(migrations.Migration):
    dependencies = [("page_summary_state_shorter_than_column", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("page", "summary", models.CharField(max_length=160, blank=True)),
                migrations.AlterField("page", "language", models.CharField(max_length=5, default="en")),
            ],
        ),
    ]
