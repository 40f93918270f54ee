"""AlterModelTable writes down the name that the table has.

verdict: safe
reason: The names are equal, and Django sends nothing.
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


class NameTable(migrations.Migration):
    dependencies = [("journal_table_named_as_it_is", "0001_initial")]
    operations = [
        migrations.AlterModelTable("journal", "journal_table_named_as_it_is_journal"),
        migrations.AlterModelTableComment("journal", "One row a day."),
    ]
