"""A new table refers to the user model.

verdict: safe
reason: The users are locked for a moment while the key is declared; the new table has no rows to validate.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Client",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateApiKey(migrations.Migration):
    dependencies = [("api_key_of_user", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "ApiKey",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("token", models.CharField(max_length=64, unique=True)),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")),
                ("client", models.ForeignKey("api_key_of_user.client", models.CASCADE)),
            ],
        ),
    ]
