"""A required column is added in SQL, without a default.

verdict: unsafe
categories: fails, incompatible
reason: Rows that are there would be NULL, which is refused at the first of them.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddQueue(migrations.Migration):
    dependencies = [("ticket_column_required_without_default", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE ticket_column_required_without_default_ticket ADD COLUMN queue integer NOT NULL",
            "ALTER TABLE ticket_column_required_without_default_ticket DROP COLUMN queue",
        ),
    ]
