"""AlterField gives a many-to-many field a model of its own for the table between.

verdict: unsafe
categories: fails
reason: Django refuses to change the `through` of a many-to-many field.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Skill",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Crew",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("skills", models.ManyToManyField("crew_skills_through_swapped.skill")),
            ],
        ),
    ]


class NameTheTable(migrations.Migration):
    dependencies = [("crew_skills_through_swapped", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "CrewSkill",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("crew", models.ForeignKey("crew_skills_through_swapped.crew", models.CASCADE)),
                ("skill", models.ForeignKey("crew_skills_through_swapped.skill", models.CASCADE)),
            ],
        ),
        migrations.AlterField(
            "crew",
            "skills",
            models.ManyToManyField(
                "crew_skills_through_swapped.skill", through="crew_skills_through_swapped.CrewSkill"
            ),
        ),
    ]
