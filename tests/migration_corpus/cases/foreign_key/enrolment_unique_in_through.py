"""A pupil joins a club once; the relation's own model says so from now on.

verdict: unsafe
categories: blocking
reason: The through table is an ordinary table in use, and its UNIQUE index is built under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO enrolment_unique_in_through_club (name, fee) VALUES ('Chess', 5), ('Judo', 9)"
    )
    cursor.execute(
        "INSERT INTO enrolment_unique_in_through_pupil (name, born_on) "
        "SELECT 'Pupil ' || n, current_date FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO enrolment_unique_in_through_enrolment (club_id, pupil_id, role, since) "
        "SELECT club.id, pupil.id, '', current_date "
        "FROM enrolment_unique_in_through_club AS club, enrolment_unique_in_through_pupil AS pupil"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Pupil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("born_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Club",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("fee", models.DecimalField(decimal_places=2, max_digits=6)),
            ],
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("since", models.DateField(auto_now_add=True)),
                (
                    "club",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="enrolment_unique_in_through.club"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="enrolment_unique_in_through.pupil"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "club",
            "pupils",
            models.ManyToManyField(
                through="enrolment_unique_in_through.Enrolment", to="enrolment_unique_in_through.pupil"
            ),
        ),
    ]


class EnrolOnce(migrations.Migration):
    dependencies = [("enrolment_unique_in_through", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "enrolment", models.UniqueConstraint(fields=["pupil", "club"], name="enrolment_once")
        ),
    ]
