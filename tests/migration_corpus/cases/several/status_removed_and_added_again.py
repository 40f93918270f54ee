"""A field is removed and added again with another type.

verdict: unsafe
categories: destructive, incompatible
reason: The values are gone, and the deployed release finds another column.
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
                ("status", models.CharField(max_length=20)),
            ],
        ),
    ]


class ReplaceStatus(migrations.Migration):
    dependencies = [("status_removed_and_added_again", "0001_initial")]
    operations = [
        migrations.RemoveField("job", "status"),
        migrations.AddField("job", "status", models.IntegerField(null=True)),
    ]
