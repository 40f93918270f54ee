"""A table that is in use becomes a partition.

verdict: unsafe
categories: blocking
reason: Without a valid check of the bounds all rows are read under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    # So that it counts as filled, and the filler leaves it alone.
    cursor.execute("INSERT INTO measurements_attached_with_scan_all VALUES (0, '1980-01-01')")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Measurement",
            [
                ("id", models.BigIntegerField(primary_key=True)),
                ("day", models.DateField()),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TABLE measurements_attached_with_scan_all (LIKE
                measurements_attached_with_scan_measurement) PARTITION BY RANGE (day);
            CREATE TABLE measurements_attached_with_scan_old PARTITION OF
                measurements_attached_with_scan_all FOR VALUES FROM (MINVALUE) TO ('1990-01-01');
            """
        ),
    ]


class Attach(migrations.Migration):
    dependencies = [("measurements_attached_with_scan", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE measurements_attached_with_scan_all ATTACH PARTITION
                measurements_attached_with_scan_measurement FOR VALUES FROM ('1990-01-01') TO (MAXVALUE)
            """,
            """
            ALTER TABLE measurements_attached_with_scan_all DETACH PARTITION
                measurements_attached_with_scan_measurement
            """,
        ),
    ]
