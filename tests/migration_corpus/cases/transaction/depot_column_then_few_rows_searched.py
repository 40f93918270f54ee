"""A nullable column is added, and a handful of depots is looked for by an unindexed text and written to.

verdict: unsafe
categories: blocking
reason: Few rows are written, but to find them the whole table is read, under the ACCESS EXCLUSIVE lock that
    the new column took before.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO depot_column_then_few_rows_searched_depot (name, remarks) "
        "SELECT 'Depot ' || n, CASE WHEN n %% 500 = 0 THEN 'customs office' ELSE 'no remarks ' || n END "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


def mark_border_depots(apps, schema_editor):
    Depot = apps.get_model("depot_column_then_few_rows_searched", "Depot")
    Depot.objects.filter(remarks__icontains="customs").update(at_border=True)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Depot",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("remarks", models.TextField(blank=True)),
            ],
        ),
    ]


class AtBorder(migrations.Migration):
    dependencies = [("depot_column_then_few_rows_searched", "0001_initial")]
    operations = [
        migrations.AddField("depot", "at_border", models.BooleanField(null=True)),
        migrations.RunPython(mark_border_depots, migrations.RunPython.noop),
    ]
