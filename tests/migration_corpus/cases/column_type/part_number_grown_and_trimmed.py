"""A varchar grows, and its blanks are trimmed by the same statement.

verdict: unsafe
categories: blocking
reason: A USING clause that computes something makes PostgreSQL write every row again under ACCESS
    EXCLUSIVE, though the type alone would not.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "SparePart",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=40)),
                ("maker", models.CharField(max_length=60, blank=True)),
                ("in_stock", models.IntegerField(default=0)),
            ],
            options={"db_table": "garage_spare_part"},
        ),
    ]


class LongerNumbers(migrations.Migration):
    dependencies = [("part_number_grown_and_trimmed", "0001_initial")]
    operations = [
        migrations.RunSQL(
            'ALTER TABLE "garage_spare_part" ALTER COLUMN "number" TYPE varchar(80) USING btrim("number")',
            migrations.RunSQL.noop,
            state_operations=[migrations.AlterField("sparepart", "number", models.CharField(max_length=80))],
        ),
    ]
