"""A procedure that commits after each batch is called from an atomic migration.

verdict: unsafe
categories: fails
reason: COMMIT inside a procedure is refused when the CALL is part of a transaction block, as it is here.
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
                ("subject", models.CharField(max_length=200)),
                ("closed_by_robot", models.BooleanField(null=True)),
            ],
            options={"db_table": "support_ticket"},
        ),
        migrations.RunSQL(
            """
            CREATE PROCEDURE support_close_tickets(size int) LANGUAGE plpgsql AS $$
            DECLARE
                low bigint := 0;
                high bigint := (SELECT max(id) FROM support_ticket);
            BEGIN
                WHILE low <= high LOOP
                    UPDATE support_ticket SET closed_by_robot = false WHERE id > low AND id <= low + size;
                    COMMIT;
                    low := low + size;
                END LOOP;
            END
            $$
            """,
            "DROP PROCEDURE support_close_tickets(int)",
        ),
    ]


class CloseTickets(migrations.Migration):
    dependencies = [("close_tickets_procedure_in_atomic", "0001_initial")]
    operations = [migrations.RunSQL("CALL support_close_tickets(500)", migrations.RunSQL.noop)]
