"""All rows of a parent that have a title are deleted, and with them those of the child.

verdict: unsafe
categories: bulk_write, destructive
reason: All have one; Django collects what refers to them and deletes both, in one transaction.
"""

from django.db import migrations, models


def delete_all(apps, schema_editor):
    apps.get_model("parents_deleted_with_children", "Album").objects.exclude(title="").delete()


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Album",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Photo",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("album", models.ForeignKey("parents_deleted_with_children.album", models.CASCADE)),
            ],
        ),
    ]


class DeleteAlbums(migrations.Migration):
    dependencies = [("parents_deleted_with_children", "0001_initial")]
    operations = [
        migrations.RunPython(delete_all, migrations.RunPython.noop),
    ]
