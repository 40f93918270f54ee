"""The second step of a removal: the column that the models forgot is dropped, with all that hangs on it.

verdict: unsafe
categories: incompatible
reason: CASCADE takes the view along that counts by this column, and the report's model reads that view.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Booking",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("guest", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=20, null=True)),
            ],
            options={"db_table": "frontdesk_booking"},
        ),
        migrations.RunSQL(
            sql="""
            CREATE VIEW frontdesk_bookings_by_source AS
                SELECT COALESCE(source, 'desk') AS source, count(*) AS bookings
                FROM frontdesk_booking GROUP BY 1
            """,
            reverse_sql="DROP VIEW frontdesk_bookings_by_source",
            state_operations=[
                migrations.CreateModel(
                    "BookingsBySource",
                    [
                        ("source", models.CharField(max_length=20, primary_key=True)),
                        ("bookings", models.BigIntegerField()),
                    ],
                    options={"db_table": "frontdesk_bookings_by_source", "managed": False},
                ),
            ],
        ),
    ]


class ForgetSource(migrations.Migration):
    dependencies = [("booking_source_cascades_to_view", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[], state_operations=[migrations.RemoveField("booking", "source")]
        ),
    ]


class DropSource(migrations.Migration):
    dependencies = [("booking_source_cascades_to_view", "0002_forget_source")]
    operations = [
        migrations.RunSQL("ALTER TABLE frontdesk_booking DROP COLUMN source CASCADE", migrations.RunSQL.noop),
    ]
