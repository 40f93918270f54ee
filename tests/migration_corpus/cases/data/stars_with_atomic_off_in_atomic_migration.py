"""RunPython is not atomic, but its migration is.

verdict: unsafe
categories: bulk_write
reason: atomic=False of the operation does not end the migration's transaction; all batches commit together.
"""

from django.db import migrations, models


def reset_stars(apps, schema_editor):
    post = apps.get_model("stars_with_atomic_off_in_atomic_migration", "Post")
    keys = list(post.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), 1000):
        post.objects.filter(pk__in=keys[start : start + 1000]).update(stars=0)


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("stars", models.IntegerField()),
            ],
        ),
    ]


class ResetStars(migrations.Migration):
    dependencies = [("stars_with_atomic_off_in_atomic_migration", "0001_initial")]
    operations = [
        migrations.RunPython(reset_stars, migrations.RunPython.noop, atomic=False),
    ]
