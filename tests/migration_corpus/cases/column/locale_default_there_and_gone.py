"""A required column comes with a default of the database, and the next operation takes the default away.

verdict: unsafe
categories: incompatible
reason: When the migration ends the column is NOT NULL without a default, which the deployed release cannot
fill.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Reader",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddLocale(migrations.Migration):
    dependencies = [("locale_default_there_and_gone", "0001_initial")]
    operations = [
        migrations.AddField("reader", "locale", models.CharField(max_length=8, db_default="en")),
        migrations.AlterField("reader", "locale", models.CharField(max_length=8)),
    ]
