"""A table gets a comment for the analysts; options, managers and permissions of the model change.

verdict: safe
reason: COMMENT ON TABLE is the only statement; it writes one row of the catalogue under SHARE UPDATE
    EXCLUSIVE.
"""

from django.db import migrations, models
from django.db.models.manager import Manager


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Museum",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("visitors", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]


class Comment(migrations.Migration):
    dependencies = [("museum_table_comment_and_options", "0001_initial")]
    operations = [
        migrations.AlterModelTableComment("museum", "Museums; visitors are those of the last full year."),
        migrations.AlterModelOptions(
            "museum",
            {
                "ordering": ["name"],
                "permissions": [("close_museum", "Can close a museum")],
                "get_latest_by": "id",
                "base_manager_name": "objects",
            },
        ),
        migrations.AlterModelManagers("museum", [("objects", Manager())]),
    ]
