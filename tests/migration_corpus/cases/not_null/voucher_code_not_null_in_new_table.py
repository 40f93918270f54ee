"""A column of a table of the same migration becomes NOT NULL.

verdict: safe
reason: The table is made by this migration: it is empty and nobody uses it, so the scan reads
    nothing.
"""

from django.db import migrations, models


def first_campaign(apps, schema_editor):
    campaign = apps.get_model("voucher_code_not_null_in_new_table", "Campaign")
    voucher = apps.get_model("voucher_code_not_null_in_new_table", "Voucher")
    newest = campaign.objects.order_by("-starts_on").first()
    if newest is not None:
        voucher.objects.create(campaign=newest, code="WELCOME")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Campaign",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=80)),
                ("starts_on", models.DateField()),
                ("budget", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
            ],
        ),
    ]


class Voucher(migrations.Migration):
    dependencies = [("voucher_code_not_null_in_new_table", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Voucher",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        "voucher_code_not_null_in_new_table.campaign", models.CASCADE, db_constraint=False
                    ),
                ),
                ("code", models.CharField(max_length=24, null=True)),
                ("redeemed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(first_campaign, migrations.RunPython.noop),
        migrations.AlterField("voucher", "code", models.CharField(max_length=24)),
        migrations.AddIndex("voucher", models.Index(fields=["code"], name="voucher_code_idx")),
    ]
