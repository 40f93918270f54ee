"""The primary key moves to a nullable column that has a unique index already.

verdict: unsafe
categories: blocking, incompatible
reason: A primary key wants NOT NULL, for which all rows are read; the deployed release writes NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Permit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("holder", models.CharField(max_length=100)),
                ("street", models.CharField(max_length=100)),
                ("city", models.CharField(max_length=100)),
                ("phone", models.CharField(max_length=100)),
                ("number", models.BigIntegerField(null=True)),
            ],
        ),
    ]


class IndexNumber(migrations.Migration):
    atomic = False

    dependencies = [("permit_key_swapped_to_nullable", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX CONCURRENTLY permit_key_swapped_to_nullable_number ON
                permit_key_swapped_to_nullable_permit (number)
            """,
            "DROP INDEX permit_key_swapped_to_nullable_number",
        ),
    ]


class SwapKey(migrations.Migration):
    dependencies = [("permit_key_swapped_to_nullable", "0002_index_number")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE permit_key_swapped_to_nullable_permit
                DROP CONSTRAINT permit_key_swapped_to_nullable_permit_pkey,
                ADD CONSTRAINT permit_key_swapped_to_nullable_permit_pkey PRIMARY KEY USING INDEX
                    permit_key_swapped_to_nullable_number
            """,
            migrations.RunSQL.noop,
        ),
    ]
