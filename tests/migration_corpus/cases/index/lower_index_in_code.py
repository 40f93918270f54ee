"""Python opens a schema editor of its own and adds an index.

verdict: unsafe
categories: blocking
reason: It is CREATE INDEX all the same.
"""

from django.db import migrations, models
from django.db.models.functions import Lower


def add_index(apps, schema_editor):
    post = apps.get_model("lower_index_in_code", "Post")
    with schema_editor.connection.schema_editor() as editor:
        editor.add_index(post, models.Index(Lower("title"), name="lower_index_in_code_lower"))


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class IndexTitle(migrations.Migration):
    atomic = False

    dependencies = [("lower_index_in_code", "0001_initial")]
    operations = [
        migrations.RunPython(add_index, migrations.RunPython.noop),
    ]
