"""Fields change their class while their columns stay what they are.

verdict: safe
reason: EmailField, URLField and FileField are varchar of the same length; TextField takes more.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("mail", models.EmailField(max_length=254)),
                ("site", models.URLField(max_length=200)),
                ("photo", models.FileField(upload_to="photos")),
            ],
        ),
    ]


class ChangeClasses(migrations.Migration):
    dependencies = [("field_classes_of_equal_columns", "0001_initial")]
    operations = [
        migrations.AlterField("person", "mail", models.CharField(max_length=254)),
        migrations.AlterField("person", "site", models.TextField()),
        migrations.AlterField("person", "photo", models.FileField(max_length=255, upload_to="people/photos")),
    ]
