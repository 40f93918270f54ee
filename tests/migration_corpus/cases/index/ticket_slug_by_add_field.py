"""A nullable slug for tickets; the index comes with the field's class.

verdict: unsafe
categories: blocking
reason: A SlugField has db_index=True: two indexes are built while ADD COLUMN's ACCESS EXCLUSIVE is held.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("priority", models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "High")], default=1)),
                ("requester", models.EmailField(max_length=254)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["priority", "opened_at"]},
        ),
    ]


class TicketSlug(migrations.Migration):
    dependencies = [("ticket_slug_by_add_field", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="slug",
            field=models.SlugField(
                blank=True, help_text="Public address of the ticket", max_length=120, null=True
            ),
        ),
    ]
