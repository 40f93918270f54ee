"""A nullable column with a Python default.

verdict: safe
reason: The column allows NULL, so the deployed release may leave it out; the default is a constant
    and ADD COLUMN neither scans nor rewrites.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "reporter",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"),
                ),
                ("subject", models.CharField(max_length=200)),
                ("priority", models.SmallIntegerField(default=3)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-opened_at"]},
        ),
    ]


class TicketResolution(migrations.Migration):
    dependencies = [("ticket_resolution_nullable_with_default", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="resolution",
            field=models.CharField(blank=True, default="", max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="effort_minutes",
            field=models.IntegerField(blank=True, null=True),
        ),
    ]
