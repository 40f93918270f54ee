"""The grades are checked by the code from now on.

verdict: safe
reason: DROP CONSTRAINT takes a brief lock and reads no row; the deployed code writes what it wrote before.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO grade_choices_check_dropped_result (student_no, course, grade, points, graded_on) "
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(grade__in=["A", "B", "C", "D", "F"]), name="result_grade_allowed"
                    ),
                ]
            },
        ),
    ]


class CheckGradesInCode(migrations.Migration):
    dependencies = [("grade_choices_check_dropped", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="result", name="result_grade_allowed"),
    ]
