"""A permission of the project gets its new codename, a stale content type goes away.

verdict: safe
reason: One row of auth_permission is updated and one content type, which nothing refers to, is deleted.
"""

from django.db import migrations, models


def rename_permission(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission.objects.filter(
        content_type__app_label="permission_renamed",
        content_type__model="report",
        codename="can_download_report",
    ).update(codename="export_report", name="Can export report")
    ContentType.objects.filter(app_label="permission_renamed", model="legacyreport").delete()


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Report",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("file", models.FileField(upload_to="reports/")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("is_public", models.BooleanField(default=False)),
            ],
            options={"permissions": [("can_download_report", "Can download report")]},
        ),
    ]


class RenamePermission(migrations.Migration):
    dependencies = [
        ("permission_renamed", "0001_initial"),
        ("auth", "__latest__"),
        ("contenttypes", "__latest__"),
    ]
    operations = [
        migrations.AlterModelOptions("report", {"permissions": [("export_report", "Can export report")]}),
        migrations.RunPython(rename_permission, migrations.RunPython.noop),
    ]
