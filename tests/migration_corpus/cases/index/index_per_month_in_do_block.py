"""One index for every monthly table of measurements, made by a loop in the database.

verdict: unsafe
categories: blocking
reason: The DO block builds each index under SHARE, and keeps all those locks to the end of the transaction.
"""

from django.db import migrations, models

MONTHS = ("2026_08", "2026_09", "2026_10")


def fields():
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
        ("station", models.CharField(max_length=30)),
        ("pm10", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
        ("ozone", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
        ("measured_at", models.DateTimeField()),
    ]


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name=f"Air{month.replace('_', '')}",
            fields=fields(),
            options={"db_table": f"air_quality_{month}"},
        )
        for month in MONTHS
    ]


class IndexStations(migrations.Migration):
    dependencies = [("index_per_month_in_do_block", "0001_initial")]
    operations = [
        migrations.RunSQL(
            r"""
            DO $body$
            DECLARE
                monthly record;
            BEGIN
                FOR monthly IN
                    SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'air\_quality\_%'
                LOOP
                    EXECUTE format('CREATE %s %I ON %I (station, measured_at)',
                                   'INDEX', monthly.relname || '_station', monthly.relname);
                END LOOP;
            END
            $body$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
