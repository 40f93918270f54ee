"""One ALTER TABLE does three things to the catalogue.

verdict: safe
reason: A wider varchar, a nullable column and a default: none reads a row.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Parcel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
            ],
        ),
    ]


class ThreeAtOnce(migrations.Migration):
    dependencies = [("parcel_three_subcommands", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            alter table parcel_three_subcommands_parcel
                alter column code set data type varchar(64),
                add column note text,
                alter column size set default 1
            """,
            migrations.RunSQL.noop,
        ),
    ]
