"""A unique constraint that takes NULLs for alike is put over a nullable column.

verdict: unsafe
categories: blocking
reason: The index is built under ACCESS EXCLUSIVE.
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
                ("size", models.IntegerField(null=True)),
            ],
        ),
    ]


class UniqueSize(migrations.Migration):
    dependencies = [("nulls_alike_unique", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "job",
            models.UniqueConstraint(fields=["size"], nulls_distinct=False, name="nulls_alike_unique_size"),
        ),
    ]
