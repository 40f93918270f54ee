"""A nullable column is made required, with a default for the rows that are NULL.

verdict: unsafe
categories: blocking, incompatible
reason: SET NOT NULL reads all rows under ACCESS EXCLUSIVE; the deployed release may write NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "City",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100, null=True)),
            ],
        ),
    ]


class RequireName(migrations.Migration):
    dependencies = [("city_name_required_with_default", "0001_initial")]
    operations = [
        migrations.AlterField("city", "name", models.CharField(max_length=100, default="")),
    ]
