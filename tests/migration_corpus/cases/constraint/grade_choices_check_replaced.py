"""One more grade is allowed, so the CHECK on grades is written anew.

verdict: unsafe
categories: blocking
reason: The new CHECK reads every row of results to validate it under ACCESS EXCLUSIVE, though it allows more.
"""

from django.db import migrations, models

GRADES = ["A", "B", "C", "D", "F"]


def allowed(grades):
    return models.CheckConstraint(condition=models.Q(grade__in=grades), name="result_grade_known")


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO grade_choices_check_replaced_result (student_no, course, grade, points, graded_on) "
        "SELECT n::text, 'Algebra', 'B', 71, current_date FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("student_no", models.CharField(max_length=16)),
                ("course", models.CharField(max_length=80)),
                ("grade", models.CharField(default="F", max_length=1)),
                ("points", models.SmallIntegerField(null=True)),
                ("graded_on", models.DateField(null=True)),
            ],
            options={"constraints": [allowed(GRADES)]},
        ),
    ]


class AllowGradeE(migrations.Migration):
    dependencies = [("grade_choices_check_replaced", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("result", "result_grade_known"),
        migrations.AddConstraint("result", allowed([*GRADES, "E"])),
    ]
