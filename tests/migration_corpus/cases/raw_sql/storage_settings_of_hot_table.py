"""Vacuum settings, statistics and comments for a busy table.

verdict: safe
reason: Each statement takes SHARE UPDATE EXCLUSIVE or less on the table: readers and writers go on.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Session",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("key", models.CharField(max_length=40, unique=True)),
                ("tenant", models.CharField(max_length=30)),
                ("country", models.CharField(max_length=2, null=True)),
                ("data", models.TextField(default="")),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "hot_session"},
        ),
    ]


class TuneSessionTable(migrations.Migration):
    dependencies = [("storage_settings_of_hot_table", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                (
                    "ALTER TABLE hot_session SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02,"
                    " autovacuum_analyze_threshold = 500)"
                ),
                "ALTER TABLE hot_session ALTER COLUMN tenant SET STATISTICS 500",
                "CREATE STATISTICS hot_session_place (dependencies) ON tenant, country FROM hot_session",
                "COMMENT ON TABLE hot_session IS 'One row a log-in. Do not LOCK or TRUNCATE by day.'",
                "COMMENT ON COLUMN hot_session.data IS 'signed, compressed'",
                "ANALYZE hot_session (tenant, country)",
            ],
            reverse_sql=["DROP STATISTICS hot_session_place", "ALTER TABLE hot_session RESET (fillfactor)"],
        ),
    ]
