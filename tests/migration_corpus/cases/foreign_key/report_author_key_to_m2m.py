"""The author of a report becomes its authors, by AlterField.

verdict: unsafe
categories: fails
reason: Django cannot alter a column into a many-to-many table and raises ValueError before any statement is
    sent.
"""

from django.db import migrations, models

APP = "report_author_key_to_m2m"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Analyst",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Report",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("heading", models.CharField(max_length=200)),
                ("author", models.ForeignKey(f"{APP}.analyst", models.PROTECT)),
                ("published_on", models.DateField(null=True)),
            ],
        ),
    ]


class Authors(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AlterField("report", "author", models.ManyToManyField(f"{APP}.analyst")),
    ]
