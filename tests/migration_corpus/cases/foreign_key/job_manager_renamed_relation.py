"""The names and choices of a key change in Python.

verdict: safe
reason: related_name, limit_choices_to, verbose_name and blank are none of the database's.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Manager",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "manager",
                    models.ForeignKey("job_manager_renamed_relation.manager", models.CASCADE, null=True),
                ),
            ],
        ),
    ]


class DescribeManager(migrations.Migration):
    dependencies = [("job_manager_renamed_relation", "0001_initial")]
    operations = [
        migrations.AlterField(
            "job",
            "manager",
            models.ForeignKey(
                "job_manager_renamed_relation.manager",
                models.PROTECT,
                blank=True,
                limit_choices_to={"active": True},
                null=True,
                related_name="jobs",
                related_query_name="job",
                verbose_name="responsible",
            ),
        ),
    ]
