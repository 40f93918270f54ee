"""The column of a field that an earlier release took out of its models.

verdict: safe
reason: No deployed model knows the column any more; DROP COLUMN changes the catalogue alone.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Publisher",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("publisher", models.ForeignKey("book_blurb_second_step.publisher", models.PROTECT)),
                ("title", models.CharField(max_length=200)),
                ("blurb", models.TextField(blank=True)),
                ("isbn", models.CharField(max_length=13, unique=True)),
            ],
        ),
    ]


class ForgetBlurb(migrations.Migration):
    dependencies = [("book_blurb_second_step", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField("book", "blurb", models.TextField(blank=True, null=True)),
            ],
            state_operations=[migrations.RemoveField("book", "blurb")],
        ),
    ]


class DropBlurb(migrations.Migration):
    dependencies = [("book_blurb_second_step", "0002_forget_blurb")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE book_blurb_second_step_book DROP COLUMN blurb",
            "ALTER TABLE book_blurb_second_step_book ADD COLUMN blurb text NULL",
        ),
    ]
