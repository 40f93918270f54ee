"""A field is renamed with its column.

verdict: unsafe
categories: incompatible
reason: The deployed release asks for a column that is no longer there.
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
                ("zip", models.CharField(max_length=10)),
            ],
        ),
    ]


class RenameZip(migrations.Migration):
    dependencies = [("city_zip_renamed", "0001_initial")]
    operations = [
        migrations.RenameField("city", "zip", "postal_code"),
    ]
