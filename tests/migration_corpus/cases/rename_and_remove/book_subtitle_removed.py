"""A column goes in the same release that stops using it.

verdict: unsafe
categories: incompatible, destructive
reason: The deployed release names the column in every SELECT and INSERT, and what it holds is gone.
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
                ("publisher", models.ForeignKey("book_subtitle_removed.publisher", models.PROTECT)),
                ("title", models.CharField(max_length=200)),
                ("subtitle", models.CharField(max_length=200, blank=True)),
                ("isbn", models.CharField(max_length=13, unique=True)),
                ("pages", models.IntegerField(null=True)),
            ],
        ),
    ]


class RemoveSubtitle(migrations.Migration):
    dependencies = [("book_subtitle_removed", "0001_initial")]
    operations = [migrations.RemoveField("book", "subtitle")]
