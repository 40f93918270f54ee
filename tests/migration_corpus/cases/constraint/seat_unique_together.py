"""A seat can be sold once for a show; the old option says so.

verdict: unsafe
categories: blocking
reason: AlterUniqueTogether adds a UNIQUE constraint, whose index is built under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO seat_unique_together_show (title, starts_at, hall) VALUES ('Faust', now(), 'A')"
    )
    cursor.execute(
        "INSERT INTO seat_unique_together_seat (show_id, row_label, number, price_cents, sold_at) "
        "SELECT (SELECT min(id) FROM seat_unique_together_show), 'R' || (n / 30), n %% 30, 4500, now() "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Show",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=100)),
                ("starts_at", models.DateTimeField()),
                ("hall", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("row_label", models.CharField(max_length=6)),
                ("number", models.SmallIntegerField()),
                ("price_cents", models.IntegerField()),
                ("sold_at", models.DateTimeField(null=True)),
                (
                    "show",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, to="seat_unique_together.show"),
                ),
            ],
        ),
    ]


class SeatOncePerShow(migrations.Migration):
    dependencies = [("seat_unique_together", "0001_initial")]
    operations = [
        migrations.AlterUniqueTogether(name="seat", unique_together={("show", "row_label", "number")}),
    ]
