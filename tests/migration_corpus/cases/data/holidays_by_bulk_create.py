"""Four holidays are created by bulk_create(), which updates those that are there.

verdict: safe
reason: The list is a literal of four rows with unique codes; no other row is touched.
"""

import datetime

from django.db import migrations, models

HOLIDAYS = {
    "new-year": (1, 1),
    "labour": (5, 1),
    "unity": (10, 3),
    "christmas": (12, 25),
}


def create_holidays(apps, schema_editor):
    Holiday = apps.get_model("holidays_by_bulk_create", "Holiday")
    Holiday.objects.using(schema_editor.connection.alias).bulk_create(
        [Holiday(code=code, day=datetime.date(2027, *day)) for code, day in HOLIDAYS.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["day"],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Holiday",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("day", models.DateField()),
                ("bank", models.BooleanField(default=True)),
            ],
        ),
    ]


class Holidays(migrations.Migration):
    dependencies = [("holidays_by_bulk_create", "0001_initial")]
    operations = [migrations.RunPython(create_holidays, migrations.RunPython.noop)]
