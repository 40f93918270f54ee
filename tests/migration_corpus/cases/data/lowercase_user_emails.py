"""Every account's address is lower-cased by one ORM update, so that log-in can stop comparing by iexact.

verdict: unsafe
categories: bulk_write
reason: One UPDATE rewrites all rows of the user table and holds their row locks until the migration commits.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower


def lowercase_emails(apps, schema_editor):
    app_label, model_name = settings.AUTH_USER_MODEL.split(".")
    user = apps.get_model(app_label, model_name)
    user.objects.update(email=Lower("email"))


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
        " is_active, date_joined) SELECT '!', false, 'seed' || n, 'Ada', 'Byron', 'S' || n || '@Example.org',"
        " false, true, now() FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO lowercase_user_emails_profile (user_id, display_name, newsletter)"
        " SELECT id, first_name, false FROM auth_user"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Profile",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "user",
                    models.OneToOneField(
                        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
                    ),
                ),
                ("display_name", models.CharField(max_length=80)),
                ("bio", models.TextField(null=True)),
                ("newsletter", models.BooleanField(default=False)),
            ],
        ),
    ]


class LowercaseEmails(migrations.Migration):
    dependencies = [("lowercase_user_emails", "0001_initial"), ("auth", "__latest__")]
    operations = [migrations.RunPython(lowercase_emails, migrations.RunPython.noop)]
