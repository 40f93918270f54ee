"""A nullable column is added, and then the migration logs how the fans are spread over clubs.

verdict: unsafe
categories: blocking
reason: A report only reads, but here it reads the whole table while the migration holds ACCESS EXCLUSIVE on
    it for the column.
"""

import logging

from django.db import migrations, models
from django.db.models import Count

logger = logging.getLogger(__name__)


def report(apps, schema_editor):
    Fan = apps.get_model("fans_counted_after_column", "Fan")
    adults = Fan.objects.filter(age__gte=18).aggregate(number=Count("pk"), clubs=Count("club", distinct=True))
    logger.info("%(number)s adult fans of %(clubs)s clubs", adults)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Fan",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("club", models.CharField(max_length=40)),
                ("age", models.SmallIntegerField(null=True)),
            ],
        ),
    ]


class SeasonTicket(migrations.Migration):
    dependencies = [("fans_counted_after_column", "0001_initial")]
    operations = [
        migrations.AddField("fan", "season_ticket", models.CharField(max_length=20, null=True, blank=True)),
        migrations.RunPython(report, migrations.RunPython.noop),
    ]
