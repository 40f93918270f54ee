"""One row is created unless it is there.

verdict: safe
reason: One row is read by its unique code and one inserted.
"""

from django.db import migrations, models


def create_default(apps, schema_editor):
    category = apps.get_model("default_category_if_missing", "Category")
    if category.objects.filter(code="default").exists():
        return
    category.objects.create(code="default", name="Default")


def delete_default(apps, schema_editor):
    apps.get_model("default_category_if_missing", "Category").objects.filter(code="default").delete()


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Category",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateDefault(migrations.Migration):
    dependencies = [("default_category_if_missing", "0001_initial")]
    operations = [
        migrations.RunPython(create_default, delete_default),
    ]
