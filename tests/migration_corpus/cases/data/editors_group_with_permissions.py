"""A group with a permission is created.

verdict: safe
reason: A few rows are inserted into tables of Django's own apps.
"""

from django.db import migrations, models


def create_editors(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="editors_group_with_permissions", model="article"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        codename="publish_article", content_type=content_type, defaults={"name": "Can publish"}
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(
        name="editors_group_with_permissions editors"
    )
    group.permissions.add(permission)


class Initial(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.CreateModel(
            "Article",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateEditors(migrations.Migration):
    dependencies = [("editors_group_with_permissions", "0001_initial")]
    operations = [
        migrations.RunPython(create_editors, migrations.RunPython.noop),
    ]
