"""The index of a foreign key is not used and is switched off on the field.

verdict: unsafe
categories: blocking
reason: Django drops and adds the foreign key around the change, and adding it reads all albums.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RecordLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=90)),
                ("founded", models.SmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Album",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("artist", models.CharField(max_length=200)),
                ("released_on", models.DateField(null=True)),
                ("explicit", models.BooleanField(default=False)),
                (
                    "label",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.deletion.SET_NULL,
                        to="album_label_index_turned_off.recordlabel",
                    ),
                ),
            ],
        ),
    ]


class UnindexLabel(migrations.Migration):
    dependencies = [("album_label_index_turned_off", "0001_initial")]
    operations = [
        migrations.AlterField(
            "album",
            "label",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.deletion.SET_NULL,
                to="album_label_index_turned_off.recordlabel",
            ),
        ),
    ]
