"""A required column that has a default in the database is removed from the state.

verdict: safe
reason: The new release does not write the column, and the database does.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Widget",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("state", models.CharField(max_length=20, db_default="new")),
            ],
        ),
    ]


class ForgetState(migrations.Migration):
    dependencies = [("widget_state_with_default_forgotten", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("widget", "state")]),
    ]
