"""One asset moves to another depot, and then the assets get a column.

verdict: unsafe
categories: fails
reason: The moved row's deferred check is still pending when ALTER TABLE comes, which refuses to run.
"""

from django.db import migrations, models


def move_oldest(apps, schema_editor):
    asset_model = apps.get_model("one_row_moved_then_column", "Asset")
    depot_model = apps.get_model("one_row_moved_then_column", "Depot")
    oldest = asset_model.objects.order_by("pk").first()
    if oldest is not None:
        oldest.depot = depot_model.objects.exclude(pk=oldest.depot_id).order_by("pk").first() or oldest.depot
        oldest.save(update_fields=["depot"])


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Depot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("city", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("tag", models.CharField(max_length=30)),
                ("bought_on", models.DateField(null=True)),
                ("value", models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                (
                    "depot",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, to="one_row_moved_then_column.depot"
                    ),
                ),
            ],
        ),
    ]


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO one_row_moved_then_column_depot (name, city) VALUES ('A', 'Ulm'), ('B', 'Kiel')"
    )
    cursor.execute(
        "INSERT INTO one_row_moved_then_column_asset (tag, bought_on, value, depot_id) "
        "SELECT 'T' || n, NULL, 0, (SELECT min(id) FROM one_row_moved_then_column_depot) "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class MoveAndDescribe(migrations.Migration):
    dependencies = [("one_row_moved_then_column", "0001_initial")]
    operations = [
        migrations.RunPython(move_oldest, migrations.RunPython.noop),
        migrations.AddField("asset", "condition", models.CharField(max_length=20, null=True)),
    ]
