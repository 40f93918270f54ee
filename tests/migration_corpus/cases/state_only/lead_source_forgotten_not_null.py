"""A NOT NULL field is taken out of the state alone.

verdict: unsafe
categories: incompatible
reason: The column stays, NOT NULL and without a default; the new release no longer fills it and its
    INSERT fails.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Lead",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("source", models.CharField(max_length=20, default="web")),
                ("score", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class ForgetSource(migrations.Migration):
    dependencies = [("lead_source_forgotten_not_null", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[migrations.RemoveField("lead", "source")],
        ),
    ]
