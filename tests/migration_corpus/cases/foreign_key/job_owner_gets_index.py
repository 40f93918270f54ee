"""A key that was made without an index gets one.

verdict: unsafe
categories: blocking
reason: CREATE INDEX reads the table under SHARE, and Django makes the constraint anew.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Owner",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("owner", models.ForeignKey("job_owner_gets_index.owner", models.CASCADE, db_index=False)),
            ],
        ),
    ]


class IndexOwner(migrations.Migration):
    dependencies = [("job_owner_gets_index", "0001_initial")]
    operations = [
        migrations.AlterField(
            "job", "owner", models.ForeignKey("job_owner_gets_index.owner", models.CASCADE)
        ),
    ]
