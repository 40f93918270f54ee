"""All rows are deleted where the router lets the migration run.

verdict: unsafe
categories: bulk_write, destructive
reason: The default database is allowed, so that the deletion takes place.
"""

from django.db import migrations, models, router


def delete_drafts(apps, schema_editor):
    alias = schema_editor.connection.alias
    if not router.allow_migrate(alias, "drafts_deleted_on_named_alias", model_name="draft"):
        return
    apps.get_model("drafts_deleted_on_named_alias", "Draft").objects.using(alias).all().delete()


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Draft",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.TextField()),
            ],
        ),
    ]


class DeleteDrafts(migrations.Migration):
    dependencies = [("drafts_deleted_on_named_alias", "0001_initial")]
    operations = [
        migrations.RunPython(delete_drafts, migrations.RunPython.noop, hints={"model_name": "draft"}),
    ]
