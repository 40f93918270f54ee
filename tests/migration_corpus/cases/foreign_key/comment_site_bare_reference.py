"""A foreign key without constraint and index.

verdict: safe
reason: It is a nullable bigint to PostgreSQL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Site",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Comment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
            ],
        ),
    ]


class AddSite(migrations.Migration):
    dependencies = [("comment_site_bare_reference", "0001_initial")]
    operations = [
        migrations.AddField(
            "comment",
            "site",
            models.ForeignKey(
                "comment_site_bare_reference.site",
                models.DO_NOTHING,
                null=True,
                db_constraint=False,
                db_index=False,
            ),
        ),
    ]
