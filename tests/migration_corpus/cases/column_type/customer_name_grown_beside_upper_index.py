"""A column becomes longer in a table that has an index on an expression of another one.

verdict: safe
reason: The index on the expression reads email alone; name grows in the catalogue and nothing is
    built again.
"""

from django.db import migrations, models
from django.db.models.functions import Upper


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.CharField(max_length=100)),
                ("newsletter", models.BooleanField(default=False)),
            ],
            options={"indexes": [models.Index(Upper("email"), name="customer_mail_upper_idx")]},
        ),
    ]


class LongerName(migrations.Migration):
    dependencies = [("customer_name_grown_beside_upper_index", "0001_initial")]
    operations = [
        migrations.AlterField("customer", "name", models.CharField(max_length=200)),
    ]
