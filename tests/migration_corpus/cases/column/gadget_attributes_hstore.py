"""Attributes of any name are kept in a nullable hstore, whose extension comes in the same migration.

verdict: safe
reason: The column has no default, so ADD COLUMN writes no row; the extension brings a type and touches no
    table.
"""

from django.contrib.postgres.fields import HStoreField
from django.contrib.postgres.operations import HStoreExtension
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Gadget",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("released_on", models.DateField(null=True)),
            ],
        ),
    ]


class Attributes(migrations.Migration):
    dependencies = [("gadget_attributes_hstore", "0001_initial")]
    operations = [
        HStoreExtension(),
        migrations.AddField("gadget", "attributes", HStoreField(blank=True, null=True)),
    ]
