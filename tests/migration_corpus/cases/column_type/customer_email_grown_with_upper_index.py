"""A column that an index on an expression reads becomes longer.

verdict: unsafe
categories: blocking
reason: PostgreSQL keeps plain indexes when a varchar grows, but builds those on expressions again,
    under ACCESS EXCLUSIVE.
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"indexes": [models.Index(Upper("email"), name="customer_email_upper_idx")]},
        ),
    ]


class LongerEmail(migrations.Migration):
    dependencies = [("customer_email_grown_with_upper_index", "0001_initial")]
    operations = [
        migrations.AlterField("customer", "email", models.CharField(max_length=254)),
    ]
