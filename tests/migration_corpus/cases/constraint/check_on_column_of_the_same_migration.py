"""A nullable column is added, and a check on it by the next operation.

verdict: unsafe
categories: blocking
reason: Though all values are NULL, each row is read for the check.
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


class AddSize(migrations.Migration):
    dependencies = [("check_on_column_of_the_same_migration", "0001_initial")]
    operations = [
        migrations.AddField("job", "size", models.IntegerField(null=True)),
        migrations.AddConstraint(
            "job",
            models.CheckConstraint(
                condition=models.Q(size__gt=0), name="check_on_column_of_the_same_migration_size"
            ),
        ),
    ]
