"""A lock against writers, taken for one row that is read and written by its unique key.

verdict: safe
reason: Under the lock there is one lookup by the unique index and the UPDATE of one row, whatever the size.
"""

from django.db import migrations, models


def move_limit(apps, schema_editor):
    Setting = apps.get_model("few_settings_under_table_lock", "Setting")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('LOCK TABLE "few_settings_under_table_lock_setting" IN SHARE ROW EXCLUSIVE MODE')
    setting, _ = Setting.objects.get_or_create(key="upload.max_mb", defaults={"value": "20"})
    setting.value = str(max(int(setting.value), 50))
    setting.save(update_fields=["value"])


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Setting",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("value", models.TextField(blank=True, default="")),
                ("tenant", models.CharField(max_length=40, null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
    ]


class RaiseUploadLimit(migrations.Migration):
    dependencies = [("few_settings_under_table_lock", "0001_initial")]
    operations = [migrations.RunPython(move_limit, migrations.RunPython.noop)]
