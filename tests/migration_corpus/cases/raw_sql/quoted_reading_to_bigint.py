"""A counter grows from integer to bigint by hand-written SQL with quoted identifiers.

verdict: unsafe
categories: blocking
reason: integer and bigint differ in width: PostgreSQL rewrites the table under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("meter", models.CharField(max_length=30)),
                ("value", models.IntegerField(db_column="rawValue")),
                ("unit", models.CharField(max_length=6, default="Wh")),
                ("taken_at", models.DateTimeField()),
            ],
            options={"db_table": "Energy Reading"},
        ),
    ]


class ReadingToBigint(migrations.Migration):
    dependencies = [("quoted_reading_to_bigint", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                "SET LOCAL lock_timeout = '5s'",
                'ALTER TABLE "Energy Reading"\n  ALTER "rawValue" /* was integer */ TYPE bigint',
            ],
            reverse_sql=['ALTER TABLE "Energy Reading" ALTER "rawValue" TYPE integer'],
            state_operations=[
                migrations.AlterField("reading", "value", models.BigIntegerField(db_column="rawValue")),
            ],
        ),
    ]
