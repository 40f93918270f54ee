"""atomic = False, yet all rows in one statement.

verdict: unsafe
categories: bulk_write
reason: A single UPDATE is one transaction whatever the migration says; it rewrites every row of the table.
"""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Coalesce


def fill_locale(apps, schema_editor):
    Customer = apps.get_model("one_update_outside_a_transaction", "Customer")
    Customer.objects.using(schema_editor.connection.alias).update(locale=Coalesce("locale", Value("en")))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("locale", models.CharField(max_length=8, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class FillLocale(migrations.Migration):
    atomic = False
    dependencies = [("one_update_outside_a_transaction", "0001_initial")]
    operations = [migrations.RunPython(fill_locale, migrations.RunPython.noop)]
