"""A meetup may have several hosts: a many-to-many field is added and filled from the key of the one host.

verdict: unsafe
categories: blocking
reason: Django adds the foreign keys of the new join table at the end of the migration, when it holds a row
    for every meetup; they are checked while writers of meetups and of people wait.
"""

from itertools import islice

from django.db import migrations, models

APP = "meetup_hosts_copied_to_new_m2m"


def copy_hosts(apps, schema_editor):
    Meetup = apps.get_model(APP, "Meetup")
    link = Meetup.hosts.through
    pairs = Meetup.objects.exclude(host=None).values_list("pk", "host_id").iterator(chunk_size=5000)
    while chunk := list(islice(pairs, 5000)):
        link.objects.bulk_create(link(meetup_id=meetup, person_id=person) for meetup, person in chunk)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Meetup",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                (
                    "host",
                    models.ForeignKey(f"{APP}.person", models.SET_NULL, null=True, related_name="hosted"),
                ),
            ],
        ),
    ]


class SeveralHosts(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddField(
            "meetup",
            "hosts",
            models.ManyToManyField(f"{APP}.person", blank=True, related_name="meetups"),
        ),
        migrations.RunPython(copy_hosts, migrations.RunPython.noop),
    ]
