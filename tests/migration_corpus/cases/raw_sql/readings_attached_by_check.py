"""A table that is in use becomes a partition, and a valid check proves the bounds.

verdict: safe
reason: PostgreSQL believes the check, whose column is NOT NULL too, and reads nothing.
"""

from django.db import migrations, models


def seed(cursor, rows):
    # So that it counts as filled, and the filler leaves it alone.
    cursor.execute("INSERT INTO readings_attached_by_check_all VALUES (0, '1980-01-01')")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigIntegerField(primary_key=True)),
                ("day", models.DateField()),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TABLE readings_attached_by_check_all (LIKE readings_attached_by_check_reading) PARTITION
                BY RANGE (day);
            CREATE TABLE readings_attached_by_check_old PARTITION OF readings_attached_by_check_all FOR
                VALUES FROM (MINVALUE) TO ('1990-01-01');
            ALTER TABLE readings_attached_by_check_reading ADD CONSTRAINT readings_attached_by_check_bounds
                CHECK (day IS NOT NULL AND day >= DATE '1990-01-01');
            """
        ),
    ]


class Attach(migrations.Migration):
    dependencies = [("readings_attached_by_check", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE readings_attached_by_check_all ATTACH PARTITION readings_attached_by_check_reading
                FOR VALUES FROM ('1990-01-01') TO (MAXVALUE)
            """,
            "ALTER TABLE readings_attached_by_check_all DETACH PARTITION readings_attached_by_check_reading",
        ),
    ]
