"""Three themes are created; whatever is dangerous stands in the way back.

verdict: safe
reason: Forwards three rows are inserted under unique names; only who unapplies the migration deletes and
    truncates.
"""

from django.db import migrations, models

APP = "theme_rows_deleted_only_backwards"


def create_themes(apps, schema_editor):
    Theme = apps.get_model(APP, "Theme")
    for name in ("light", "dark", "contrast"):
        Theme.objects.update_or_create(name=name, defaults={"builtin": True})


def delete_themes(apps, schema_editor):
    apps.get_model(APP, "Theme").objects.all().delete()
    apps.get_model(APP, "Choice").objects.update(theme_name="")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Theme",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40, unique=True)),
                ("builtin", models.BooleanField(default=False)),
            ],
            options={"db_table": "look_theme"},
        ),
        migrations.CreateModel(
            "Choice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("visitor", models.UUIDField()),
                ("theme_name", models.CharField(max_length=40, blank=True)),
            ],
            options={"db_table": "look_choice"},
        ),
    ]


class Themes(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.RunPython(create_themes, delete_themes),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "TRUNCATE look_choice; ALTER TABLE look_choice ALTER COLUMN theme_name TYPE text",
        ),
    ]
