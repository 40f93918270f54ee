"""A NOT NULL text column with an empty default of Python.

verdict: unsafe
categories: incompatible
reason: Django drops the default after it filled the rows, and the deployed release inserts without the
column.
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


class AddNickname(migrations.Migration):
    dependencies = [("contact_nickname_required_default", "0001_initial")]
    operations = [
        migrations.AddField("contact", "nickname", models.CharField(max_length=50, blank=True, default="")),
    ]
