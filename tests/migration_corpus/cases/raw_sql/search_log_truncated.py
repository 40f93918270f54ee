"""The search log is emptied so that the migration after this one has less to do.

verdict: unsafe
categories: destructive
reason: TRUNCATE takes away every row of a table that the deployed release reads and writes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "SearchLog",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("query", models.CharField(max_length=200)),
                ("hits", models.IntegerField(default=0)),
                ("language", models.CharField(max_length=8, default="en")),
                ("searched_at", models.DateTimeField()),
            ],
            options={"db_table": "site_search_log"},
        ),
    ]


class EmptySearchLog(migrations.Migration):
    dependencies = [("search_log_truncated", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "truncate  table\n    only site_search_log\n    restart identity -- the statistics start anew",
            migrations.RunSQL.noop,
        ),
    ]
