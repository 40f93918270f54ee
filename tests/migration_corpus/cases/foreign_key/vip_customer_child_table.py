"""A model is derived from one that is in use.

verdict: safe
reason: The child has a table of its own, which refers to the parent's.
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
    ]


class CreateVip(migrations.Migration):
    dependencies = [("vip_customer_child_table", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "VipCustomer",
            [
                (
                    "customer_ptr",
                    models.OneToOneField(
                        "vip_customer_child_table.customer",
                        models.CASCADE,
                        auto_created=True,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("since", models.DateField()),
            ],
            bases=("vip_customer_child_table.customer",),
        ),
    ]
