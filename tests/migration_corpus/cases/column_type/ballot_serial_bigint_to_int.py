"""A bigint becomes an integer.

verdict: unsafe
categories: blocking, incompatible
reason: The table is rewritten, and larger numbers of the deployed release are refused.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ballot",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.BigIntegerField()),
            ],
        ),
    ]


class NarrowSerial(migrations.Migration):
    dependencies = [("ballot_serial_bigint_to_int", "0001_initial")]
    operations = [
        migrations.AlterField("ballot", "serial", models.IntegerField()),
    ]
