"""A collation is made, and a new model sorts its names by it.

verdict: safe
reason: CREATE COLLATION is an entry of the catalogue, and the only column that has it is in a table made
    here.
"""

from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Family",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("surname", models.CharField(max_length=80, db_index=True)),
            ],
        ),
    ]


class SortedSurnames(migrations.Migration):
    dependencies = [("surname_collation_for_new_table", "0001_initial")]
    operations = [
        CreateCollation("surname_order", provider="libc", locale="C"),
        migrations.CreateModel(
            "PhoneBookEntry",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("surname", models.CharField(max_length=80, db_collation="surname_order", db_index=True)),
                ("number", models.CharField(max_length=24)),
            ],
        ),
    ]
