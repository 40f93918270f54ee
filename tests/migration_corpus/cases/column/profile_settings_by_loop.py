"""The same JSON columns for several models, built by a helper.

verdict: unsafe
categories: incompatible
reason: default=dict and default=list live in Python; the columns are NOT NULL without a default,
    and the deployed release's INSERT into each of the tables fails.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

PROFILE_MODELS = ("buyer", "seller")


def preference_columns(model_name):
    return [
        migrations.AddField(model_name, "preferences", models.JSONField(default=dict, blank=True)),
        migrations.AddField(
            model_name,
            "interests",
            ArrayField(models.CharField(max_length=40), default=list, blank=True),
        ),
    ]


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name,
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("display_name", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("country", models.CharField(max_length=2, default="DE")),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
        )
        for name in ("Buyer", "Seller")
    ]


class Preferences(migrations.Migration):
    dependencies = [("profile_settings_by_loop", "0001_initial")]
    operations = [operation for name in PROFILE_MODELS for operation in preference_columns(name)]
