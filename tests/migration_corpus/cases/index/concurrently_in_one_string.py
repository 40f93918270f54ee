"""A time-out and a concurrent index in one string of SQL.

verdict: unsafe
categories: fails
reason: One string of statements is one transaction, and CREATE INDEX CONCURRENTLY refuses to run in one.
"""

from django.db import migrations, models


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
    dependencies = [("concurrently_in_one_string", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            SET lock_timeout = '5s';
            CREATE INDEX CONCURRENTLY session_last_seen_idx ON concurrently_in_one_string_session (last_seen);
            """,
            "DROP INDEX IF EXISTS session_last_seen_idx;",
        ),
    ]
