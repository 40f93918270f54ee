"""A one-off default given to makemigrations for the rows that exist.

verdict: unsafe
categories: incompatible
reason: preserve_default=False fills the old rows and leaves no default behind; the deployed release
    knows nothing of the NOT NULL column and every INSERT of it fails.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Queue",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=60)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("queue", models.ForeignKey("ticket_sla_hours_one_off_default.queue", models.CASCADE)),
                (
                    "assignee",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        max_length=10, choices=[("open", "Open"), ("closed", "Closed")], default="open"
                    ),
                ),
            ],
        ),
    ]


class TicketSlaHours(migrations.Migration):
    dependencies = [("ticket_sla_hours_one_off_default", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="sla_hours",
            field=models.IntegerField(default=48),
            preserve_default=False,
        ),
    ]
