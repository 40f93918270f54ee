"""A required column whose default is a function of the team's own, declared STABLE.

verdict: safe
reason: A default that is not volatile is computed once and kept in the catalogue; no row is written, and
    the deployed release gets the default too.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION home_region() RETURNS text LANGUAGE sql STABLE AS "
            "$$ SELECT COALESCE(current_setting('app.region', true), 'eu') $$",
            "DROP FUNCTION home_region()",
        ),
        migrations.CreateModel(
            "Invite",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class Region(migrations.Migration):
    dependencies = [("invite_region_by_stable_function", "0001_initial")]
    operations = [
        migrations.AddField(
            "invite",
            "region",
            models.CharField(max_length=12, db_default=models.Func(function="home_region")),
        ),
    ]
