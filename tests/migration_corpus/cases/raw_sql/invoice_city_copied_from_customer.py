"""A column is filled from another table by one UPDATE.

verdict: unsafe
categories: bulk_write
reason: Every invoice has a customer, so that all are written in one transaction.
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
                ("city", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey("invoice_city_copied_from_customer.customer", models.CASCADE)),
                ("city", models.CharField(max_length=100, null=True)),
            ],
        ),
    ]


class CopyCity(migrations.Migration):
    dependencies = [("invoice_city_copied_from_customer", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            update invoice_city_copied_from_customer_invoice as i
            set city = c.city
            from invoice_city_copied_from_customer_customer as c
            where c.id = i.customer_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
