"""A varchar grows by hand-written SQL.

verdict: safe
reason: A longer limit is a change of the catalogue alone: no rewrite and no scan under the brief lock.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Event",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=80)),
                ("location", models.CharField(max_length=80, blank=True, default="")),
                ("capacity", models.IntegerField(null=True)),
                ("starts_at", models.DateTimeField()),
            ],
        ),
    ]


class LongerTitle(migrations.Migration):
    dependencies = [("title_grown_in_lower_case", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            set local lock_timeout = '2s';
            alter table title_grown_in_lower_case_event
                alter column title type varchar(200),
                alter column location set data type text;
            """,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField("event", "title", models.CharField(max_length=200)),
                migrations.AlterField("event", "location", models.TextField(blank=True, default="")),
            ],
        ),
    ]
