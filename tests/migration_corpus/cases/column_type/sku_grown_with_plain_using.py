"""A varchar grows, with a USING clause that names the column and its new type.

verdict: safe
reason: The cast to a longer varchar does nothing, and PostgreSQL sees it: the rows stay what they are.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Variant",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("sku", models.CharField(max_length=40)),
                ("colour", models.CharField(max_length=20, blank=True)),
                ("weight_g", models.IntegerField(null=True)),
            ],
            options={"db_table": "catalogue_variant"},
        ),
    ]


class LongerSkus(migrations.Migration):
    dependencies = [("sku_grown_with_plain_using", "0001_initial")]
    operations = [
        migrations.RunSQL(
            'ALTER TABLE "catalogue_variant" ALTER COLUMN "sku" TYPE varchar(80) USING "sku"::varchar(80)',
            migrations.RunSQL.noop,
            state_operations=[migrations.AlterField("variant", "sku", models.CharField(max_length=80))],
        ),
    ]
