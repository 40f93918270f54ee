"""An indexed CharField becomes an indexed TextField.

verdict: unsafe
categories: blocking
reason: The column changes in the catalogue alone, but Django drops the index for LIKE and builds a
    new one with text_pattern_ops, under the ACCESS EXCLUSIVE of the ALTER TABLE before it.
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
                ("name", models.CharField(max_length=60, db_index=True)),
                ("color", models.CharField(max_length=7, default="#888888")),
                ("uses", models.IntegerField(default=0)),
            ],
        ),
    ]


class TextName(migrations.Migration):
    dependencies = [("tag_name_indexed_to_text", "0001_initial")]
    operations = [
        migrations.AlterField("tag", "name", models.TextField(db_index=True)),
    ]
