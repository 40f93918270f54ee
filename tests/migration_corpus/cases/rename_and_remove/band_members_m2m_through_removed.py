"""A many-to-many field over a model of its own is removed.

verdict: safe
reason: The join table belongs to the through model, which stays; RemoveField runs no statement.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Musician",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("instrument", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            "Band",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("founded", models.SmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Membership",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("band", models.ForeignKey("band_members_m2m_through_removed.band", models.CASCADE)),
                ("musician", models.ForeignKey("band_members_m2m_through_removed.musician", models.CASCADE)),
                ("joined_on", models.DateField(null=True)),
            ],
        ),
        migrations.AddField(
            "band",
            "members",
            models.ManyToManyField(
                "band_members_m2m_through_removed.musician",
                through="band_members_m2m_through_removed.membership",
            ),
        ),
    ]


class RemoveMembers(migrations.Migration):
    dependencies = [("band_members_m2m_through_removed", "0001_initial")]
    operations = [migrations.RemoveField("band", "members")]
