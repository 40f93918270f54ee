"""A many-to-many field is removed.

verdict: unsafe
categories: incompatible, destructive
reason: Its join table is dropped with all its rows while the deployed release still joins it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            "Photo",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("caption", models.CharField(max_length=200, blank=True)),
                ("path", models.CharField(max_length=255)),
                ("taken_at", models.DateTimeField(null=True)),
                ("tags", models.ManyToManyField("photo_tags_m2m_removed.tag", blank=True)),
            ],
        ),
    ]


class RemoveTags(migrations.Migration):
    dependencies = [("photo_tags_m2m_removed", "0001_initial")]
    operations = [migrations.RemoveField(model_name="photo", name="tags")]
