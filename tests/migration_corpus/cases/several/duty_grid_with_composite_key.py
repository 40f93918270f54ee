"""A new model has a key of two fields, one of them a key to people.

verdict: safe
reason: The table is new and empty; its reference to people takes a short lock and reads nothing that takes
    time.
"""

from django.db import migrations, models

APP = "duty_grid_with_composite_key"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Nurse",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
    ]


class Duties(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "nurse_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("shift", models.CharField(max_length=10, default="day")),
                ("nurse", models.ForeignKey(on_delete=models.CASCADE, to=f"{APP}.nurse")),
            ],
            options={"indexes": [models.Index(fields=["day"], name="duty_day_idx")]},
        ),
    ]
