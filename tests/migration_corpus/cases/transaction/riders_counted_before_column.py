"""The migration logs how many riders there are, and then a nullable column is added.

verdict: safe
reason: While the table is read, writers go on; the lock for the column is taken behind that and held for a
    moment.
"""

import logging

from django.db import migrations, models
from django.db.models import Count

logger = logging.getLogger(__name__)


def report(apps, schema_editor):
    Rider = apps.get_model("riders_counted_before_column", "Rider")
    adults = Rider.objects.filter(age__gte=18).aggregate(
        number=Count("pk"), teams=Count("team", distinct=True)
    )
    logger.info("%(number)s adult riders of %(teams)s teams", adults)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Rider",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("team", models.CharField(max_length=40)),
                ("age", models.SmallIntegerField(null=True)),
            ],
        ),
    ]


class Licence(migrations.Migration):
    dependencies = [("riders_counted_before_column", "0001_initial")]
    operations = [
        migrations.RunPython(report, migrations.RunPython.noop),
        migrations.AddField("rider", "licence", models.CharField(max_length=20, null=True, blank=True)),
    ]
