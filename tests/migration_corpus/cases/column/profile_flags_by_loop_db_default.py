"""The same JSON columns for several models, with defaults in the database.

verdict: safe
reason: Every column keeps a constant database default: no rewrite, and the deployed release may
    leave them out.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Value

PROFILE_MODELS = ("buyer", "seller")


def flag_columns(model_name):
    interests = ArrayField(models.CharField(max_length=40))
    yield migrations.AddField(
        model_name,
        "flags",
        models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True),
    )
    yield migrations.AddField(
        model_name,
        "interests",
        ArrayField(
            models.CharField(max_length=40), default=list, db_default=Value([], interests), blank=True
        ),
    )


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
            ],
        )
        for name in ("Buyer", "Seller")
    ]


class Flags(migrations.Migration):
    dependencies = [("profile_flags_by_loop_db_default", "0001_initial")]
    operations = [operation for name in PROFILE_MODELS for operation in flag_columns(name)]
