"""An update through the child model whose field lives in the parent's table.

verdict: unsafe
categories: bulk_write
reason: name belongs to the parent: Django rewrites the parent's row of every restaurant in one transaction.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Trim


def trim_names(apps, schema_editor):
    Restaurant = apps.get_model("venue_names_by_inheritance", "Restaurant")
    Restaurant.objects.update(name=Trim("name"))


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO venue_names_by_inheritance_venue (name, city, opened_on)"
        " SELECT ' Venue ' || n, 'Lyon', now()::date FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO venue_names_by_inheritance_restaurant (venue_ptr_id, seats, serves_lunch)"
        " SELECT id, 40, true FROM venue_names_by_inheritance_venue"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Venue",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=80)),
                ("opened_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Restaurant",
            [
                (
                    "venue_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="venue_names_by_inheritance.venue",
                    ),
                ),
                ("seats", models.IntegerField(default=0)),
                ("serves_lunch", models.BooleanField(default=True)),
            ],
            bases=("venue_names_by_inheritance.venue",),
        ),
    ]


class TrimVenueNames(migrations.Migration):
    dependencies = [("venue_names_by_inheritance", "0001_initial")]
    operations = [migrations.RunPython(trim_names, migrations.RunPython.noop)]
