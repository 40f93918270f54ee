"""A time-out and a concurrent index as two statements, with the model's state told.

verdict: safe
reason: Each item of the list is sent alone, outside a transaction, and the build lets rows be written.
"""

from django.db import migrations, models

INDEX = "session_last_seen_cc_idx"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("token_hash", models.CharField(max_length=64)),
                ("user_agent", models.TextField(blank=True)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("last_seen", models.DateTimeField(auto_now=True)),
                ("revoked", models.BooleanField(default=False)),
            ],
        ),
    ]


class IndexLastSeen(migrations.Migration):
    atomic = False
    dependencies = [("concurrently_as_list", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql=[
                        "SET lock_timeout = 0",
                        f'DROP INDEX CONCURRENTLY IF EXISTS "{INDEX}"',
                        f'CREATE INDEX CONCURRENTLY "{INDEX}" ON concurrently_as_list_session (last_seen)',
                        "RESET lock_timeout",
                    ],
                    reverse_sql=[f'DROP INDEX CONCURRENTLY IF EXISTS "{INDEX}"'],
                ),
            ],
            state_operations=[
                migrations.AddIndex("session", models.Index(fields=["last_seen"], name=INDEX)),
            ],
        ),
    ]
