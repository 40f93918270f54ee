"""A table is created with a generated column, a unique slug and a positive number.

verdict: safe
reason: All of it is on a table that nobody uses yet.
"""

from django.db import migrations, models
from django.db.models.functions import Lower


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateInvoice(migrations.Migration):
    dependencies = [("invoice_search_born_generated", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("slug", models.SlugField(unique=True)),
                ("net", models.PositiveIntegerField()),
                (
                    "search",
                    models.GeneratedField(
                        expression=Lower("slug"),
                        output_field=models.CharField(max_length=50),
                        db_persist=True,
                    ),
                ),
            ],
        ),
    ]
