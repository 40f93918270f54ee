"""A column is renamed, and one of the old name is generated from it.

verdict: unsafe
categories: blocking, incompatible
reason: A stored column is computed for every row, and the deployed release cannot write it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("note", models.TextField()),
            ],
        ),
    ]


class RenameNote(migrations.Migration):
    dependencies = [("column_renamed_and_generated_back", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE column_renamed_and_generated_back_post RENAME COLUMN note TO remark;
            ALTER TABLE column_renamed_and_generated_back_post ADD COLUMN note text GENERATED ALWAYS AS
                (remark) STORED;
            """,
            migrations.RunSQL.noop,
            state_operations=[migrations.RenameField("post", "note", "remark")],
        ),
    ]
