"""A table is made unlogged.

verdict: unsafe
categories: blocking
reason: SET UNLOGGED writes the table anew under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Entry",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("key", models.CharField(max_length=100)),
            ],
        ),
    ]


class MakeUnlogged(migrations.Migration):
    dependencies = [("cache_entries_unlogged", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE cache_entries_unlogged_entry SET UNLOGGED",
            "ALTER TABLE cache_entries_unlogged_entry SET LOGGED",
        ),
    ]
