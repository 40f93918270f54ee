"""A table is marked with the index that the nightly CLUSTER is to sort it by.

verdict: safe
reason: ALTER TABLE ... CLUSTER ON writes a note to the catalogue under SHARE UPDATE EXCLUSIVE; no row
    moves.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "TrackPoint",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("vessel", models.CharField(max_length=20)),
                ("seen_at", models.DateTimeField()),
                ("speed", models.FloatField(null=True)),
            ],
            options={
                "db_table": "ais_track_point",
                "indexes": [models.Index(fields=["vessel", "seen_at"], name="ais_track_vessel_seen")],
            },
        ),
    ]


class MarkForClustering(migrations.Migration):
    dependencies = [("track_marked_for_clustering", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE ais_track_point CLUSTER ON ais_track_vessel_seen",
            "ALTER TABLE ais_track_point SET WITHOUT CLUSTER",
        ),
    ]
