"""A nullable key to people without a constraint in the database, to spare the busy tables.

verdict: unsafe
categories: blocking
reason: db_constraint=False spares the check of the reference, but a ForeignKey still brings its index,
    which is built under SHARE over all entries.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "LedgerEntry",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("amount", models.DecimalField(max_digits=14, decimal_places=2)),
                ("booked_at", models.DateTimeField()),
                ("memo", models.CharField(max_length=200, blank=True, default="")),
            ],
        ),
    ]


class Actor(migrations.Migration):
    dependencies = [("ledger_actor_unconstrained_but_indexed", "0001_initial")]
    operations = [
        migrations.AddField(
            "ledgerentry",
            "actor",
            models.ForeignKey(
                "ledger_actor_unconstrained_but_indexed.person",
                on_delete=models.DO_NOTHING,
                null=True,
                blank=True,
                db_constraint=False,
                related_name="+",
            ),
        ),
    ]
