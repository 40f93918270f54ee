"""All log-in attempts are deleted, a thousand at a time, each batch in a transaction of its own.

verdict: unsafe
categories: destructive
reason: The batches keep the locks short, yet in the end every row that the deployed release counts is gone.
"""

from django.db import migrations, models


def purge(apps, schema_editor):
    LoginAttempt = apps.get_model("login_attempts_purged_in_batches", "LoginAttempt")
    while True:
        batch = list(LoginAttempt.objects.order_by("pk").values_list("pk", flat=True)[:1000])
        if not batch:
            return
        LoginAttempt.objects.filter(pk__in=batch).delete()


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "LoginAttempt",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("username", models.CharField(max_length=150, db_index=True)),
                ("ip_address", models.GenericIPAddressField(null=True)),
                ("succeeded", models.BooleanField(default=False)),
                ("user_agent", models.CharField(max_length=300, blank=True, default="")),
                ("attempted_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class PurgeLoginAttempts(migrations.Migration):
    atomic = False
    dependencies = [("login_attempts_purged_in_batches", "0001_initial")]
    operations = [migrations.RunPython(purge, migrations.RunPython.noop)]
