"""A model is deleted in the release that stops using it.

verdict: unsafe
categories: incompatible, destructive
reason: The deployed release still reads and writes the table, and what it holds is gone.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Survey",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("open", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            "Answer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("survey", models.ForeignKey("survey_answer_deleted.survey", models.CASCADE)),
                ("respondent", models.UUIDField()),
                ("score", models.SmallIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
            ],
        ),
    ]


class DeleteAnswers(migrations.Migration):
    dependencies = [("survey_answer_deleted", "0001_initial")]
    operations = [migrations.DeleteModel("Answer")]
