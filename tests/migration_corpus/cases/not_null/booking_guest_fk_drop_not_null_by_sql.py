"""A foreign key becomes optional through one ALTER COLUMN.

verdict: safe
reason: DROP NOT NULL alone leaves the FOREIGN KEY in place; AlterField is for the state only.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Guest",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            "Booking",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("guest", models.ForeignKey("booking_guest_fk_drop_not_null_by_sql.guest", models.CASCADE)),
                ("room", models.CharField(max_length=10)),
                ("starts_at", models.DateTimeField()),
            ],
            options={"db_table": "hotel_booking"},
        ),
    ]


class GuestOptional(migrations.Migration):
    dependencies = [("booking_guest_fk_drop_not_null_by_sql", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE "hotel_booking" ALTER COLUMN "guest_id" DROP NOT NULL',
                    'ALTER TABLE "hotel_booking" ALTER COLUMN "guest_id" SET NOT NULL',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "booking",
                    "guest",
                    models.ForeignKey(
                        "booking_guest_fk_drop_not_null_by_sql.guest", models.SET_NULL, null=True
                    ),
                ),
            ],
        ),
    ]
