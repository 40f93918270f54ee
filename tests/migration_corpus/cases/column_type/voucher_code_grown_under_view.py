"""A column that a reporting view reads becomes longer.

verdict: unsafe
categories: fails
reason: PostgreSQL refuses to alter the type of a column that a view uses, whatever the types are.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Voucher",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=16)),
                ("value_cents", models.IntegerField()),
                ("redeemed_at", models.DateTimeField(null=True)),
                ("campaign", models.CharField(max_length=40, blank=True)),
            ],
            options={"db_table": "marketing_voucher"},
        ),
        migrations.RunSQL(
            """
            CREATE VIEW marketing_open_voucher AS
            SELECT code, value_cents FROM marketing_voucher WHERE redeemed_at IS NULL
            """,
            "DROP VIEW marketing_open_voucher",
        ),
    ]


class LongerCodes(migrations.Migration):
    dependencies = [("voucher_code_grown_under_view", "0001_initial")]
    operations = [
        migrations.AlterField("voucher", "code", models.CharField(max_length=32)),
    ]
