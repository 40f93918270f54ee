"""Old notifications are thrown away before the new notification centre goes live.

verdict: unsafe
categories: bulk_write, destructive
reason: The deployed release still shows these rows; one transaction deletes all of them.
"""

from django.conf import settings
from django.db import migrations, models


def delete_notifications(apps, schema_editor):
    apps.get_model("all_notifications_deleted", "Notification").objects.all().delete()


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
        " is_active, date_joined) SELECT '!', false, 'reader' || n, '', '', '', false, true, now()"
        " FROM generate_series(1, 20) AS n"
    )
    cursor.execute(
        "INSERT INTO all_notifications_deleted_notification (recipient_id, kind, text, is_read, created_at)"
        " SELECT (SELECT min(id) FROM auth_user), 'reply', 'Reply ' || n, false, now()"
        " FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Notification",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("recipient", models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)),
                (
                    "kind",
                    models.CharField(
                        max_length=20,
                        choices=[("reply", "Reply"), ("mention", "Mention"), ("system", "System")],
                        default="system",
                    ),
                ),
                ("text", models.TextField()),
                ("is_read", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-created_at"]},
        ),
    ]


class DeleteNotifications(migrations.Migration):
    dependencies = [("all_notifications_deleted", "0001_initial")]
    operations = [migrations.RunPython(delete_notifications)]
