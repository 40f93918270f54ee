"""A foreign key becomes a one-to-one field.

verdict: unsafe
categories: blocking
reason: The unique constraint's index is built under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Account",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Profile",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("account", models.ForeignKey("profile_account_made_one_to_one.account", models.CASCADE)),
            ],
        ),
    ]


class OneProfileEach(migrations.Migration):
    dependencies = [("profile_account_made_one_to_one", "0001_initial")]
    operations = [
        migrations.AlterField(
            "profile",
            "account",
            models.OneToOneField("profile_account_made_one_to_one.account", models.CASCADE),
        ),
    ]
