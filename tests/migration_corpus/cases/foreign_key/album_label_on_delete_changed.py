"""Albums outlive their record label from now on, and the reverse name is clearer.

verdict: safe
reason: on_delete, related_name and limit_choices_to live in Python; Django sends no statement.
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
                ("closed", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Album",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("artist", models.CharField(max_length=200)),
                ("released_on", models.DateField(null=True)),
                (
                    "label",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.deletion.CASCADE,
                        to="album_label_on_delete_changed.recordlabel",
                    ),
                ),
            ],
        ),
    ]


class KeepAlbums(migrations.Migration):
    dependencies = [("album_label_on_delete_changed", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="album",
            name="label",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty for what an artist publishes alone",
                limit_choices_to={"closed": False},
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="albums",
                to="album_label_on_delete_changed.recordlabel",
                verbose_name="record label",
            ),
        ),
    ]
