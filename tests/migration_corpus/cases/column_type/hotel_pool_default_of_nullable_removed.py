"""The database's default of a nullable column is removed.

verdict: safe
reason: Who writes DEFAULT writes NULL from now on, which the column takes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Hotel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("pool", models.CharField(max_length=20, null=True, db_default="none")),
            ],
        ),
    ]


class DropDefault(migrations.Migration):
    dependencies = [("hotel_pool_default_of_nullable_removed", "0001_initial")]
    operations = [
        migrations.AlterField("hotel", "pool", models.CharField(max_length=20, null=True)),
    ]
