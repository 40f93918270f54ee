"""A migration that only reads: it logs how many companies still lack a VAT number, country by country.

verdict: safe
reason: It scans the table by SELECT, which holds ACCESS SHARE; no writer waits and no row changes.
"""

import logging

from django.db import migrations, models
from django.db.models import Count, Q

logger = logging.getLogger("migrations.report")


def report(apps, schema_editor):
    Company = apps.get_model("report_of_missing_vat_numbers", "Company")
    missing = Q(vat_number__isnull=True) | Q(vat_number="")
    by_country = Company.objects.filter(missing).values("country").annotate(n=Count("pk")).order_by("-n")
    for row in by_country:
        logger.info("%s companies without a VAT number in %s", row["n"], row["country"])
    odd = [company.pk for company in Company.objects.exclude(missing).iterator() if " " in company.vat_number]
    if odd:
        logger.warning("%s VAT numbers with blanks, the first one is of company %s", len(odd), odd[0])


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Company",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(max_length=2, default="FR")),
                ("vat_number", models.CharField(max_length=20, null=True, blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name_plural": "companies"},
        ),
    ]


class ReportMissingVatNumbers(migrations.Migration):
    dependencies = [("report_of_missing_vat_numbers", "0001_initial")]
    operations = [migrations.RunPython(report, migrations.RunPython.noop, elidable=True)]
