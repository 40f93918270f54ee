"""A number becomes a text.

verdict: unsafe
categories: blocking, incompatible
reason: The table is rewritten, and a text is not compared to the numbers of the deployed release.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Invoice",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("reference", models.IntegerField()),
            ],
        ),
    ]


class ReferenceAsText(migrations.Migration):
    dependencies = [("invoice_reference_int_to_char", "0001_initial")]
    operations = [
        migrations.AlterField("invoice", "reference", models.CharField(max_length=20)),
    ]
