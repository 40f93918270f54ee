"""One ALTER TABLE does two things to the catalogue and one to all rows.

verdict: unsafe
categories: blocking
reason: The last of the three makes an integer a bigint, for which the table is rewritten.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Crate",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
            ],
        ),
    ]


class ThreeAtOnce(migrations.Migration):
    dependencies = [("crate_three_subcommands", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            alter table crate_three_subcommands_crate
                alter column code set data type varchar(64),
                add column note text,
                alter column size type bigint
            """,
            migrations.RunSQL.noop,
        ),
    ]
