"""The index of a foreign key that was added without one.

verdict: safe
reason: The index with Django's own name is built CONCURRENTLY; the field changes in the state alone.
"""

import django.db.models.deletion
from django.db import migrations, models


def manager(**extra):
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="managed",
        to="store_manager_index_follows.person",
        **extra,
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("city", models.CharField(max_length=60)),
                ("floor_area_m2", models.IntegerField(null=True)),
                ("manager", manager(db_index=False)),
            ],
        ),
    ]


class IndexManager(migrations.Migration):
    atomic = False
    dependencies = [("store_manager_index_follows", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY "store_manager_index_follows_store_manager_id_c90c9273" '
                    'ON "store_manager_index_follows_store" ("manager_id")',
                    'DROP INDEX CONCURRENTLY "store_manager_index_follows_store_manager_id_c90c9273"',
                ),
            ],
            state_operations=[migrations.AlterField("store", "manager", manager())],
        ),
    ]
