"""A table gets a new name and a view keeps the old one.

verdict: safe
reason: A view of one table can be written through: the deployed release goes on with the old name.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Client",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254, null=True)),
                ("vat_number", models.CharField(max_length=20, blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={"db_table": "legacy_client"},
        ),
    ]


class RenameClientTable(migrations.Migration):
    dependencies = [("client_table_renamed_behind_view", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "ALTER TABLE legacy_client RENAME TO crm_client",
                        (
                            "CREATE VIEW legacy_client AS"
                            " SELECT id, name, email, vat_number, is_active FROM crm_client"
                        ),
                    ],
                    ["DROP VIEW legacy_client", "ALTER TABLE crm_client RENAME TO legacy_client"],
                ),
            ],
            state_operations=[migrations.AlterModelTable("client", "crm_client")],
        ),
    ]
