"""A model gets another name, and with it its table.

verdict: unsafe
categories: blocking, incompatible
reason: RENAME TABLE takes the table away from the deployed release, which reads and writes the old
    name; and Django drops the FOREIGN KEY that refers to it and adds it again, which checks every
    project under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Client",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("vat_number", models.CharField(max_length=20, blank=True)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            "Project",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("client", models.ForeignKey("client_model_renamed.client", models.CASCADE)),
                ("title", models.CharField(max_length=120)),
                ("budget", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
            ],
        ),
    ]


class ClientToCustomer(migrations.Migration):
    dependencies = [("client_model_renamed", "0001_initial")]
    operations = [migrations.RenameModel(old_name="Client", new_name="Customer")]
