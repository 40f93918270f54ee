"""Venues move to another service; their key in events is no longer enforced.

verdict: safe
reason: Dropping the constraint takes ACCESS EXCLUSIVE on both tables for a moment and reads no row.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Venue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=16)),
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
                        on_delete=models.deletion.PROTECT, to="event_venue_constraint_turned_off.venue"
                    ),
                ),
            ],
        ),
    ]


class LooseVenueKey(migrations.Migration):
    dependencies = [("event_venue_constraint_turned_off", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="event",
            name="venue",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=models.deletion.PROTECT,
                to="event_venue_constraint_turned_off.venue",
            ),
        ),
    ]
