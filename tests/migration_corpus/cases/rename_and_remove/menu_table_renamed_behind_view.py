"""A table is renamed and a view takes its old name.

verdict: safe
reason: A view over one table is updatable: the deployed release goes on reading and writing under
    the old name, and both statements take their lock for a moment only.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Menu",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("weekday", models.SmallIntegerField(default=1)),
                ("price_cents", models.IntegerField()),
                ("vegan", models.BooleanField(default=False)),
            ],
            options={"db_table": "canteen_menu"},
        ),
    ]


class RenameBehindView(migrations.Migration):
    dependencies = [("menu_table_renamed_behind_view", "0001_initial")]
    operations = [
        migrations.AlterModelTable("menu", "canteen_dish"),
        migrations.RunSQL(
            "CREATE VIEW canteen_menu AS SELECT * FROM canteen_dish",
            "DROP VIEW canteen_menu",
        ),
    ]
