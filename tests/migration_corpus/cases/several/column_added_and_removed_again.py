"""A nullable column is added and removed in one migration.

verdict: safe
reason: What comes and goes in one transaction is seen by nobody.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
    ]


class TryColumn(migrations.Migration):
    dependencies = [("column_added_and_removed_again", "0001_initial")]
    operations = [
        migrations.AddField("job", "hint", models.IntegerField(null=True)),
        migrations.RemoveField("job", "hint"),
    ]
