"""Reports of spam are thrown away by the fast path that skips signals and cascades.

verdict: unsafe
categories: bulk_write, destructive
reason: _raw_delete() is one DELETE without a condition: every report is gone when the transaction commits.
"""

from django.db import migrations, models


def forget_reports(apps, schema_editor):
    SpamReport = apps.get_model("spam_reports_raw_deleted", "SpamReport")
    queryset = SpamReport.objects.using(schema_editor.connection.alias).all()
    queryset._raw_delete(queryset.db)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "SpamReport",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("message_id", models.CharField(max_length=100)),
                ("reason", models.TextField(blank=True)),
                ("reported_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class ForgetReports(migrations.Migration):
    dependencies = [("spam_reports_raw_deleted", "0001_initial")]
    operations = [migrations.RunPython(forget_reports, migrations.RunPython.noop, elidable=True)]
