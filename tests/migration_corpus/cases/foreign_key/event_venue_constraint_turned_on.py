"""The venue of an event becomes a real foreign key by db_constraint.

verdict: unsafe
categories: blocking
reason: Django adds the constraint validated, which reads all events under SHARE ROW EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO event_venue_constraint_turned_on_venue (code, name, capacity) "
        "SELECT 'V' || n, 'Venue', 100 FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO event_venue_constraint_turned_on_event (title, at, ticket_price, venue_code) "
        "SELECT 'Event', now(), 20, code FROM event_venue_constraint_turned_on_venue"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Venue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("capacity", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("ticket_price", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                (
                    "venue",
                    models.ForeignKey(
                        db_column="venue_code",
                        db_constraint=False,
                        on_delete=models.deletion.PROTECT,
                        to="event_venue_constraint_turned_on.venue",
                        to_field="code",
                    ),
                ),
            ],
        ),
    ]


class RealVenueKey(migrations.Migration):
    dependencies = [("event_venue_constraint_turned_on", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="event",
            name="venue",
            field=models.ForeignKey(
                db_column="venue_code",
                on_delete=models.deletion.PROTECT,
                to="event_venue_constraint_turned_on.venue",
                to_field="code",
            ),
        ),
    ]
