"""A key within the JSON of all preferences gets another name.

verdict: unsafe
categories: bulk_write
reason: Without a transaction of the migration the UPDATE is still one statement over all rows, and so one
    transaction.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Preference",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("owner_ref", models.UUIDField()),
                ("data", models.JSONField(default=dict)),
            ],
            options={"db_table": "accounts_preference"},
        ),
    ]


class RenameKey(migrations.Migration):
    atomic = False
    dependencies = [("preference_key_moved_in_json", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            UPDATE accounts_preference
            SET data = (data - 'n') || jsonb_build_object('notifications', data -> 'n')
            """,
            """
            UPDATE accounts_preference
            SET data = (data - 'notifications') || jsonb_build_object('n', data -> 'notifications')
            """,
        ),
    ]
