"""The database deletes posts with their thread: the key is put anew, not validated yet.

verdict: safe
reason: Dropping the old key and adding one NOT VALID are brief; neither reads a row.
"""

from django.db import migrations, models


def replace_key(apps, schema_editor):
    post = apps.get_model("thread_key_made_cascading", "Post")
    table = post._meta.db_table
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
        keys = [name for name, facts in constraints.items() if facts["foreign_key"]]
        for name in keys:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT post_thread_cascade FOREIGN KEY (thread_id) '
            "REFERENCES thread_key_made_cascading_thread (id) ON DELETE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED NOT VALID"
        )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=140)),
                ("locked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("nick", models.CharField(max_length=40)),
                ("posted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="thread_key_made_cascading.thread"
                    ),
                ),
            ],
        ),
    ]


class CascadeInDatabase(migrations.Migration):
    dependencies = [("thread_key_made_cascading", "0001_initial")]
    operations = [migrations.RunPython(replace_key, migrations.RunPython.noop)]
