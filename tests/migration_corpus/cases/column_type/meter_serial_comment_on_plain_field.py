"""Comments for columns that no CHECK reads.

verdict: safe
reason: ALTER COLUMN ... TYPE with the type that the column has neither scans nor rewrites; COMMENT
    writes to the catalogue.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Meter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.CharField(max_length=24, unique=True)),
                ("floor", models.SmallIntegerField(default=0)),
                ("tariff", models.DecimalField(max_digits=7, decimal_places=4, null=True)),
                ("installed_on", models.DateField()),
            ],
        ),
    ]


class CommentColumns(migrations.Migration):
    dependencies = [("meter_serial_comment_on_plain_field", "0001_initial")]
    operations = [
        migrations.AlterField(
            "meter", "serial", models.CharField(max_length=24, unique=True, db_comment="As printed")
        ),
        migrations.AlterField(
            "meter",
            "tariff",
            models.DecimalField(max_digits=7, decimal_places=4, null=True, db_comment="EUR per kWh"),
        ),
        migrations.AlterModelTableComment("meter", "Smart meters, one row per device"),
    ]
