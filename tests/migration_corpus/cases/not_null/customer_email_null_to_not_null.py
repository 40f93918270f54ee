"""A nullable column becomes mandatory.

verdict: unsafe
categories: blocking, incompatible
reason: SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, and the deployed release still
    writes NULL.
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
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            "Contact",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("company", models.ForeignKey("customer_email_null_to_not_null.company", models.CASCADE)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254, null=True, blank=True)),
                ("phone", models.CharField(max_length=30, blank=True)),
            ],
        ),
    ]


class EmailIsMandatory(migrations.Migration):
    dependencies = [("customer_email_null_to_not_null", "0001_initial")]
    operations = [
        migrations.AlterField("contact", "email", models.EmailField(max_length=254)),
    ]


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO customer_email_null_to_not_null_company (name) VALUES (%s), (%s)", ["Acme", "Globex"]
    )
    cursor.execute(
        """
        INSERT INTO customer_email_null_to_not_null_contact (company_id, name, email, phone)
        SELECT (SELECT min(id) FROM customer_email_null_to_not_null_company),
               'Contact ' || n, 'contact' || n || '@example.com', ''
        FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
