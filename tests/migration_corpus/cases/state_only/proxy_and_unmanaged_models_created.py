"""A proxy and a model of somebody else's table come into the state.

verdict: safe
reason: Neither sends anything to the database.
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
                ("number", models.CharField(max_length=20)),
            ],
        ),
        migrations.RunSQL(
            "CREATE TABLE proxy_and_unmanaged_models_created_ledger (id bigserial PRIMARY KEY, value integer)"
        ),
    ]


class CreateModels(migrations.Migration):
    dependencies = [("proxy_and_unmanaged_models_created", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "OpenInvoice", [], bases=("proxy_and_unmanaged_models_created.invoice",), options={"proxy": True}
        ),
        migrations.CreateModel(
            "Ledger",
            [("id", models.BigAutoField(primary_key=True)), ("value", models.IntegerField(null=True))],
            options={"db_table": "proxy_and_unmanaged_models_created_ledger", "managed": False},
        ),
    ]
