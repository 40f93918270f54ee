"""AlterModelTable gives a table another name.

verdict: unsafe
categories: incompatible
reason: The deployed release asks for the old name.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Journal",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class MoveTable(migrations.Migration):
    dependencies = [("journal_table_moved", "0001_initial")]
    operations = [
        migrations.AlterModelTable("journal", "journal_table_moved_all_journals"),
    ]
