"""The join table of a many-to-many field gets a model with other column names.

verdict: unsafe
categories: incompatible
reason: Django's join table has the column "person_id"; the through model asks for "member_id",
    which nobody adds.
"""

from django.db import migrations, models

APP = "group_members_through_misnamed"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            "Circle",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("private", models.BooleanField(default=False)),
                ("people", models.ManyToManyField(f"{APP}.person")),
            ],
        ),
    ]


class CircleMember(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "CircleMember",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("circle", models.ForeignKey(f"{APP}.circle", models.CASCADE)),
                        ("member", models.ForeignKey(f"{APP}.person", models.CASCADE)),
                    ],
                    options={"db_table": f"{APP}_circle_people"},
                ),
                migrations.AlterField(
                    "circle",
                    "people",
                    models.ManyToManyField(f"{APP}.person", through=f"{APP}.circlemember"),
                ),
            ],
        ),
    ]
