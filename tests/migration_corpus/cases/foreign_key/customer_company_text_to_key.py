"""A text column becomes a foreign key.

verdict: unsafe
categories: blocking, incompatible
reason: The column gets another name and type: a rewrite, an index and a validation, and the deployed
release fails.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Company",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("company", models.CharField(max_length=20)),
            ],
        ),
    ]


class PointToCompany(migrations.Migration):
    dependencies = [("customer_company_text_to_key", "0001_initial")]
    operations = [
        migrations.AlterField(
            "customer", "company", models.ForeignKey("customer_company_text_to_key.company", models.CASCADE)
        ),
    ]
