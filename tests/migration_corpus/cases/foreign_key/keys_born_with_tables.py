"""New models that point at old ones: keys, a many-to-many relation and a generic relation.

verdict: safe
reason: The new tables are empty, and the old ones are locked for a moment to hang their triggers on.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                ("budget", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("archived", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=30)),
                ("colour", models.CharField(default="#888888", max_length=7)),
            ],
        ),
    ]


class Tasks(migrations.Migration):
    dependencies = [
        ("keys_born_with_tables", "0001_initial"),
        ("contenttypes", "__latest__"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("done", models.BooleanField(default=False)),
                ("tags", models.ManyToManyField(blank=True, to="keys_born_with_tables.tag")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="keys_born_with_tables.project"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=40)),
                ("object_id", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["content_type", "object_id"], name="activity_object_idx")]
            },
        ),
        migrations.AddField(
            "task",
            "parent",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, to="keys_born_with_tables.task"
            ),
        ),
    ]
