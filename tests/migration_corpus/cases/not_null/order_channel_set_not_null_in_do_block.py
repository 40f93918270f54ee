"""SET NOT NULL from a DO block, for a column that the deployed release always fills.

verdict: unsafe
categories: blocking
reason: The loop ends in ALTER TABLE ... SET NOT NULL without a CHECK to prove it: a scan under
    ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.CharField(max_length=32, unique=True)),
                ("channel", models.CharField(max_length=12)),
                ("country", models.CharField(max_length=2)),
                ("total", models.DecimalField(max_digits=12, decimal_places=2)),
            ],
            options={"db_table": "sales_order"},
        ),
        # What an importer before Django left behind.
        migrations.RunSQL(
            "ALTER TABLE sales_order ALTER channel DROP NOT NULL, ALTER country DROP NOT NULL",
            "ALTER TABLE sales_order ALTER channel SET NOT NULL, ALTER country SET NOT NULL",
        ),
    ]


class TightenColumns(migrations.Migration):
    dependencies = [("order_channel_set_not_null_in_do_block", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $tighten$
            DECLARE
                loose text;
            BEGIN
                FOREACH loose IN ARRAY ARRAY['channel', 'country'] LOOP
                    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET NOT NULL', 'sales_order', loose);
                END LOOP;
            END
            $tighten$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
