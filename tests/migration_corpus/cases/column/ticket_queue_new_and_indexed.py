"""A nullable column is added together with an index on it.

verdict: unsafe
categories: blocking
reason: The column is new but the table is not: CREATE INDEX reads all rows under the lock of ADD COLUMN.
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
    dependencies = [("ticket_queue_new_and_indexed", "0001_initial")]
    operations = [
        migrations.AddField("ticket", "queue", models.CharField(max_length=20, null=True)),
        migrations.AddIndex(
            "ticket", models.Index(fields=["queue"], name="ticket_queue_new_and_indexed_idx")
        ),
    ]
