"""A model is renamed in the state alone and keeps its table, but conferences have many of them.

verdict: unsafe
categories: incompatible
reason: The state derives the column of the join table from the model's name, so the new release asks for
    sponsor_id where the table has partner_id.
"""

from django.db import migrations, models

APP = "sponsor_renamed_in_state_with_m2m"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Partner",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("company", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Conference",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("partners", models.ManyToManyField(f"{APP}.partner", related_name="conferences")),
            ],
        ),
    ]


class PartnersAreSponsors(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.RenameModel("Partner", "Sponsor"),
                migrations.AlterModelTable("Sponsor", f"{APP}_partner"),
            ],
        ),
    ]
