"""The primary key moves to a required column that has a unique index already.

verdict: safe
reason: USING INDEX takes the index as it is, and the column is NOT NULL already.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.BigIntegerField()),
            ],
        ),
    ]


class IndexNumber(migrations.Migration):
    atomic = False

    dependencies = [("ticket_key_swapped_by_index", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX CONCURRENTLY ticket_key_swapped_by_index_number ON
                ticket_key_swapped_by_index_ticket (number)
            """,
            "DROP INDEX ticket_key_swapped_by_index_number",
        ),
    ]


class SwapKey(migrations.Migration):
    dependencies = [("ticket_key_swapped_by_index", "0002_index_number")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE ticket_key_swapped_by_index_ticket
                DROP CONSTRAINT ticket_key_swapped_by_index_ticket_pkey,
                ADD CONSTRAINT ticket_key_swapped_by_index_ticket_pkey PRIMARY KEY USING INDEX
                    ticket_key_swapped_by_index_number
            """,
            migrations.RunSQL.noop,
        ),
    ]
