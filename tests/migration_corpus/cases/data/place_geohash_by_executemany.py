"""Geohashes are computed in Python and sent by executemany().

verdict: unsafe
categories: bulk_write
reason: executemany() is as many UPDATEs as there are places, in the one transaction of the migration.
"""

import hashlib

from django.db import migrations, models

TABLE = "place_geohash_by_executemany_place"


def compute_geohashes(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT id, lat, lon FROM {TABLE}")
        rows = [
            (hashlib.blake2s(f"{lat:.5f}/{lon:.5f}".encode(), digest_size=6).hexdigest(), pk)
            for pk, lat, lon in cursor.fetchall()
        ]
        cursor.executemany(f"UPDATE {TABLE} SET geohash = %s WHERE id = %s", rows)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Place",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                ("geohash", models.CharField(max_length=12, blank=True, default="")),
            ],
        ),
    ]


class Geohashes(migrations.Migration):
    dependencies = [("place_geohash_by_executemany", "0001_initial")]
    operations = [migrations.RunPython(compute_geohashes, migrations.RunPython.noop)]
