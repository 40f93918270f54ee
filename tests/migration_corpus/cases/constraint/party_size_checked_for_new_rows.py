"""An optional number of guests whose CHECK is not validated yet.

verdict: safe
reason: The column is nullable and its CHECK is NOT VALID: two changes of the catalogue, no row is read.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(max_length=30)),
                ("starts_at", models.DateTimeField()),
                ("wishes", models.TextField(blank=True)),
                ("confirmed", models.BooleanField(default=False)),
            ],
        ),
    ]


class PartySize(migrations.Migration):
    dependencies = [("party_size_checked_for_new_rows", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField("reservation", "party_size", models.IntegerField(blank=True, null=True)),
                migrations.RunSQL(
                    "alter table party_size_checked_for_new_rows_reservation "
                    "add constraint reservation_party_size_check check (party_size >= 0) not valid",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AddField(
                    "reservation", "party_size", models.PositiveIntegerField(blank=True, null=True)
                ),
            ],
        ),
    ]
