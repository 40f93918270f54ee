"""Two rows of a parent are deleted by their keys.

verdict: safe
reason: Few rows refer to them.
"""

from django.db import migrations, models


def delete_two(apps, schema_editor):
    apps.get_model("two_parents_deleted_with_children", "Album").objects.filter(pk__in=[1, 2]).delete()


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
                ("album", models.ForeignKey("two_parents_deleted_with_children.album", models.CASCADE)),
            ],
        ),
    ]


class DeleteTwo(migrations.Migration):
    dependencies = [("two_parents_deleted_with_children", "0001_initial")]
    operations = [
        migrations.RunPython(delete_two, migrations.RunPython.noop),
    ]
