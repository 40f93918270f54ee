"""A many-to-many field points to another model from now on.

verdict: unsafe
categories: blocking, incompatible
reason: In the join table the column is renamed after the new model, which the deployed release does not
    know, and its foreign key is checked anew for every row.
"""

from django.db import migrations, models

APP = "exhibit_makers_m2m_retargeted"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Painter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            "Workshop",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("town", models.CharField(max_length=80, blank=True)),
            ],
        ),
        migrations.CreateModel(
            "Exhibit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("inventory_number", models.CharField(max_length=30)),
                ("makers", models.ManyToManyField(f"{APP}.painter", related_name="exhibits")),
            ],
        ),
    ]


class MadeByWorkshops(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AlterField(
            "exhibit",
            "makers",
            models.ManyToManyField(f"{APP}.workshop", related_name="exhibits"),
        ),
    ]
