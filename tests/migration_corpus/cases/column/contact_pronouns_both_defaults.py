"""A NOT NULL text column whose default stays in the database.

verdict: safe
reason: The constant default is catalogue only, and INSERTs of the deployed release get it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Contact",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddPronouns(migrations.Migration):
    dependencies = [("contact_pronouns_both_defaults", "0001_initial")]
    operations = [
        migrations.AddField(
            "contact", "pronouns", models.CharField(max_length=50, blank=True, default="", db_default="")
        ),
    ]
