"""Choices, labels, help texts, validators and a Python default change.

verdict: safe
reason: None of it is in the schema: Django runs no statement, for the FOREIGN KEY neither.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Complaint",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                (
                    "status",
                    models.CharField(
                        max_length=12, choices=[("new", "New"), ("closed", "Closed")], default="new"
                    ),
                ),
                ("severity", models.PositiveSmallIntegerField(default=1)),
                ("text", models.TextField()),
            ],
        ),
    ]


class MoreStates(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("complaint_choices_and_labels", "0001_initial"),
    ]
    operations = [
        migrations.AlterField(
            "complaint",
            "status",
            models.CharField(
                max_length=12,
                choices=[("new", "New"), ("open", "In progress"), ("closed", "Closed")],
                default="open",
                help_text="Where the complaint stands.",
            ),
        ),
        migrations.AlterField(
            "complaint",
            "severity",
            models.PositiveSmallIntegerField(
                default=2, validators=[MaxValueValidator(5)], verbose_name="severity (1-5)"
            ),
        ),
        migrations.AlterField(
            "complaint",
            "author",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, related_name="complaints", verbose_name="written by"
            ),
        ),
        migrations.AlterModelOptions(
            "complaint",
            {"ordering": ["-severity", "id"], "permissions": [("close_complaint", "Can close complaints")]},
        ),
    ]
