"""A mandatory column in three steps that all sit in one migration.

verdict: unsafe
categories: blocking, bulk_write, incompatible
reason: One transaction adds the column, writes it in every row and scans for NULLs, all under the
    ACCESS EXCLUSIVE of its first statement; and the deployed release cannot fill the column.
"""

from django.db import migrations, models
from django.db.models import Case, Value, When

APP = "account_region_added_filled_tightened"


def set_region(apps, schema_editor):
    account = apps.get_model(APP, "Account")
    account.objects.using(schema_editor.connection.alias).update(
        region=Case(When(country__in=["DE", "AT", "CH"], then=Value("dach")), default=Value("world"))
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Account",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("login", models.CharField(max_length=64, unique=True)),
                ("country", models.CharField(max_length=2)),
                ("balance", models.DecimalField(max_digits=12, decimal_places=2, default=0)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class Region(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.AddField("account", "region", models.CharField(max_length=8, null=True)),
        migrations.RunPython(set_region, migrations.RunPython.noop),
        migrations.AlterField("account", "region", models.CharField(max_length=8)),
    ]
