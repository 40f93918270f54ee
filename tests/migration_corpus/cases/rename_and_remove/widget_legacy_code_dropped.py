"""A nullable column is dropped while it is in use.

verdict: unsafe
categories: destructive, incompatible
reason: The deployed release selects it, and its values are gone.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Widget",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("legacy_code", models.CharField(max_length=20, null=True)),
            ],
        ),
    ]


class DropLegacyCode(migrations.Migration):
    dependencies = [("widget_legacy_code_dropped", "0001_initial")]
    operations = [
        migrations.RemoveField("widget", "legacy_code"),
    ]
