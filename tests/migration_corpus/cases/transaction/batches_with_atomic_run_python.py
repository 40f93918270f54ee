"""The migration is not atomic, but its RunPython is told to be.

verdict: unsafe
categories: bulk_write
reason: RunPython(atomic=True) wraps the whole function in one transaction; its batches commit together.
"""

from django.db import migrations, models
from django.db.models import Max

SIZE = 2000


def reset_scores(apps, schema_editor):
    Player = apps.get_model("batches_with_atomic_run_python", "Player")
    highest = Player.objects.aggregate(pk=Max("pk"))["pk"] or 0
    for low in range(0, highest, SIZE):
        Player.objects.filter(pk__gt=low, pk__lte=low + SIZE).update(season_score=0)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Player",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("nickname", models.CharField(max_length=40, unique=True)),
                ("season_score", models.IntegerField(default=0)),
                ("total_score", models.BigIntegerField(default=0)),
                ("country", models.CharField(max_length=2, null=True)),
            ],
        ),
    ]


class ResetScores(migrations.Migration):
    atomic = False
    dependencies = [("batches_with_atomic_run_python", "0001_initial")]
    operations = [migrations.RunPython(reset_scores, migrations.RunPython.noop, atomic=True)]
