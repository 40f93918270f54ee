"""A many-to-many field gets a model between, by being removed and added again.

verdict: unsafe
categories: destructive, incompatible
reason: RemoveField drops the join table with all its rows, which the deployed release reads and writes; the
    new one is empty.
"""

from django.db import migrations, models

APP = "merge_reviewers_m2m_recreated"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Developer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("login", models.CharField(max_length=39)),
            ],
        ),
        migrations.CreateModel(
            "MergeRequest",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=250)),
                ("reviewers", models.ManyToManyField(f"{APP}.developer", related_name="to_review")),
            ],
        ),
    ]


class ReviewersWithVerdict(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.RemoveField("mergerequest", "reviewers"),
        migrations.CreateModel(
            "Review",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("merge_request", models.ForeignKey(f"{APP}.mergerequest", models.CASCADE)),
                ("developer", models.ForeignKey(f"{APP}.developer", models.CASCADE)),
                ("approved", models.BooleanField(null=True)),
            ],
        ),
        migrations.AddField(
            "mergerequest",
            "reviewers",
            models.ManyToManyField(f"{APP}.developer", through=f"{APP}.review", related_name="to_review"),
        ),
    ]
