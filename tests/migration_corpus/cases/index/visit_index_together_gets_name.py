"""An index of index_together gets a name of its own.

verdict: safe
reason: ALTER INDEX RENAME needs no more than SHARE UPDATE EXCLUSIVE on the index.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("page", models.CharField(max_length=100)),
                ("day", models.DateField()),
            ],
            options={"index_together": {("page", "day")}},
        ),
    ]


class NameIndex(migrations.Migration):
    dependencies = [("visit_index_together_gets_name", "0001_initial")]
    operations = [
        migrations.RenameIndex(
            "visit", new_name="visit_index_together_gets_name_named", old_fields=("page", "day")
        ),
    ]
