"""A required date with the day of today as its default, in SQL and in the state.

verdict: safe
reason: CURRENT_DATE is stable, not volatile: it is evaluated once, and the default stays.
"""

from django.db import migrations, models
from django.db.models.functions import Now


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddJoined(migrations.Migration):
    dependencies = [("member_joined_current_date", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    ALTER TABLE member_joined_current_date_member ADD COLUMN joined date NOT NULL DEFAULT
                        CURRENT_DATE
                    """,
                    "ALTER TABLE member_joined_current_date_member DROP COLUMN joined",
                )
            ],
            state_operations=[migrations.AddField("member", "joined", models.DateField(db_default=Now()))],
        ),
    ]
