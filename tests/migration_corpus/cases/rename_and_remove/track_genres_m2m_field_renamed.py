"""A many-to-many field gets another name.

verdict: unsafe
categories: incompatible
reason: The join table is named after the field and is renamed with it; the deployed release joins
    the old name.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Genre",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            "Track",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("seconds", models.IntegerField()),
                ("explicit", models.BooleanField(default=False)),
                ("genres", models.ManyToManyField("track_genres_m2m_field_renamed.genre", blank=True)),
            ],
        ),
    ]


class GenresToStyles(migrations.Migration):
    dependencies = [("track_genres_m2m_field_renamed", "0001_initial")]
    operations = [migrations.RenameField("track", "genres", "styles")]
