"""Addresses of the network become texts, because proxies send host names too.

verdict: unsafe
categories: blocking, incompatible
reason: inet and varchar are stored in different ways, so all rows are written again; the deployed release
    compares the column with an inet, for which there is no operator.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Login",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("account", models.CharField(max_length=80)),
                ("ip", models.GenericIPAddressField(null=True, blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class AddressesOrNames(migrations.Migration):
    dependencies = [("login_ip_inet_to_text", "0001_initial")]
    operations = [
        migrations.AlterField("login", "ip", models.CharField(max_length=253, null=True, blank=True)),
    ]
