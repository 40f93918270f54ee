"""A nullable column is added, and three harbours get a value, found by their unique codes.

verdict: safe
reason: The lock of the new column is held while three rows are fetched by a unique index and written,
    however many harbours there are.
"""

from django.db import migrations, models

LARGEST = {"NLRTM": 1, "BEANR": 2, "DEHAM": 3}


def rank_largest(apps, schema_editor):
    Harbour = apps.get_model("harbour_column_then_three_rows_by_code", "Harbour")
    for code, rank in LARGEST.items():
        Harbour.objects.filter(code=code).update(rank=rank)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Harbour",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=10, unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
    ]


class Rank(migrations.Migration):
    dependencies = [("harbour_column_then_three_rows_by_code", "0001_initial")]
    operations = [
        migrations.AddField("harbour", "rank", models.SmallIntegerField(null=True)),
        migrations.RunPython(rank_largest, migrations.RunPython.noop),
    ]
