"""A raw cursor inside RunPython upper-cases a column of every address.

verdict: unsafe
categories: bulk_write
reason: id > 0 holds for every row: one UPDATE rewrites the whole address table in one transaction.
"""

from django.db import migrations, models


def upper_case_countries(apps, schema_editor):
    table = schema_editor.connection.ops.quote_name(
        apps.get_model("country_codes_by_cursor", "Address")._meta.db_table
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET country_code = upper(country_code) WHERE id > %s", [0])


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Address",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("street", models.CharField(max_length=200)),
                ("postal_code", models.CharField(max_length=12)),
                ("city", models.CharField(max_length=100)),
                ("country_code", models.CharField(max_length=2)),
                ("is_billing", models.BooleanField(default=False)),
            ],
            options={"verbose_name_plural": "addresses", "db_table": "crm_postal_address"},
        ),
    ]


class UpperCaseCountries(migrations.Migration):
    dependencies = [("country_codes_by_cursor", "0001_initial")]
    operations = [migrations.RunPython(code=upper_case_countries, reverse_code=migrations.RunPython.noop)]
