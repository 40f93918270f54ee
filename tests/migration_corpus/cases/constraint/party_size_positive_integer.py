"""An optional number of guests; the class of the field brings a CHECK along.

verdict: unsafe
categories: blocking
reason: A PositiveIntegerField brings CHECK (>= 0), which reads all reservations under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(max_length=30)),
                ("starts_at", models.DateTimeField()),
                ("wishes", models.TextField(blank=True)),
                ("confirmed", models.BooleanField(default=False)),
            ],
        ),
    ]


class PartySize(migrations.Migration):
    dependencies = [("party_size_positive_integer", "0001_initial")]
    operations = [
        migrations.AddField("reservation", "party_size", models.PositiveIntegerField(blank=True, null=True)),
    ]
