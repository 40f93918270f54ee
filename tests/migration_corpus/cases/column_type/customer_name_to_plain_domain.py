"""A column gets a domain that checks nothing.

verdict: safe
reason: A domain without constraints is its base type.
"""

from django.db import migrations, models


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
        migrations.RunSQL("CREATE DOMAIN customer_name_to_plain_domain_name AS varchar(100)"),
    ]


class UseDomain(migrations.Migration):
    dependencies = [("customer_name_to_plain_domain", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE customer_name_to_plain_domain_customer ALTER COLUMN name TYPE
                customer_name_to_plain_domain_name
            """,
            "ALTER TABLE customer_name_to_plain_domain_customer ALTER COLUMN name TYPE varchar(100)",
        ),
    ]
