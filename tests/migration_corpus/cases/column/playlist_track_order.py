"""Tracks get an order within their album.

verdict: unsafe
categories: incompatible
reason: order_with_respect_to adds the NOT NULL column _order with a default of 0 that Django drops
    at once; the deployed release does not fill it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Album",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("released_on", models.DateField(null=True, blank=True)),
            ],
        ),
        migrations.CreateModel(
            "Track",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("album", models.ForeignKey("playlist_track_order.album", models.CASCADE)),
                ("title", models.CharField(max_length=120)),
                ("seconds", models.IntegerField()),
                ("isrc", models.CharField(max_length=12, blank=True)),
            ],
        ),
    ]


class TrackOrder(migrations.Migration):
    dependencies = [("playlist_track_order", "0001_initial")]
    operations = [
        migrations.AlterOrderWithRespectTo(name="track", order_with_respect_to="album"),
    ]
