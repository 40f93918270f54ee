"""Two accounts must not differ in the case of their login alone.

verdict: unsafe
categories: blocking
reason: A constraint with an expression is a unique index, built under SHARE over all accounts.
"""

from django.db import migrations, models
from django.db.models.functions import Lower


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO login_unique_ignoring_case_account (login, display_name, locale, blocked, seen_at) "
        "SELECT 'User' || n, '', 'en', false, NULL FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("login", models.CharField(max_length=60)),
                ("display_name", models.CharField(blank=True, max_length=60)),
                ("locale", models.CharField(default="en", max_length=5)),
                ("blocked", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class LoginOnce(migrations.Migration):
    dependencies = [("login_unique_ignoring_case", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "account",
            models.UniqueConstraint(
                Lower("login"), name="account_login_ci", violation_error_message="This login is taken."
            ),
        ),
    ]
