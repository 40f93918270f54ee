"""A model with a table name of its own and a many-to-many field gets another name.

verdict: unsafe
categories: blocking, incompatible
reason: The model's table keeps its name, but the column of the join table is named after the model:
    it is renamed from course_id to lesson_id, and the deployed release asks for the old one. Its
    FOREIGN KEY is made again, which checks every row of the join table.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Topic",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=60)),
            ],
            options={"db_table": "school_topic"},
        ),
        migrations.CreateModel(
            "Course",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("level", models.CharField(max_length=10, default="basic")),
                ("hours", models.IntegerField(default=1)),
                ("topics", models.ManyToManyField("course_model_renamed_with_m2m.topic")),
            ],
            options={"db_table": "school_course"},
        ),
    ]


class CourseToLesson(migrations.Migration):
    dependencies = [("course_model_renamed_with_m2m", "0001_initial")]
    operations = [migrations.RenameModel("Course", "Lesson")]
