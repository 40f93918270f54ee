"""Two rows are updated, named by a unique code.

verdict: safe
reason: A unique column names two rows at most.
"""

from django.db import migrations, models


def mark_islands(apps, schema_editor):
    country = apps.get_model("country_flag_of_two_codes", "Country")
    country.objects.filter(code__in=["IS", "MT"]).update(island=True)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Country",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=10, unique=True)),
                ("island", models.BooleanField(default=False)),
            ],
        ),
    ]


class MarkIslands(migrations.Migration):
    dependencies = [("country_flag_of_two_codes", "0001_initial")]
    operations = [
        migrations.RunPython(mark_islands, migrations.RunPython.noop),
    ]
