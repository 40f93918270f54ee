"""A nullable column is added, with timeouts set first.

verdict: safe
reason: The catalogue changes under a lock that is waited for briefly and held briefly.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("city", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddNote(migrations.Migration):
    dependencies = [("order_note_column_behind_timeouts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s'", migrations.RunSQL.noop
        ),
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
