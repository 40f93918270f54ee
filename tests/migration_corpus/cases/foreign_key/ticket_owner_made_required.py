"""A nullable key is made required.

verdict: unsafe
categories: blocking, incompatible
reason: SET NOT NULL and the constraint made anew read all rows; the deployed release may still write NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Owner",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("owner", models.ForeignKey("ticket_owner_made_required.owner", models.CASCADE, null=True)),
            ],
        ),
    ]


class RequireOwner(migrations.Migration):
    dependencies = [("ticket_owner_made_required", "0001_initial")]
    operations = [
        migrations.AlterField(
            "ticket", "owner", models.ForeignKey("ticket_owner_made_required.owner", models.CASCADE)
        ),
    ]
