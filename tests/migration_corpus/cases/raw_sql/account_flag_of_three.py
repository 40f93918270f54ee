"""An UPDATE names three rows by their keys.

verdict: safe
reason: Three rows are written, found by the primary key.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Account",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("notified", models.BooleanField(default=False)),
            ],
        ),
    ]


class Unflag(migrations.Migration):
    dependencies = [("account_flag_of_three", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "UPDATE account_flag_of_three_account SET notified = false WHERE id IN (1, 2, 3)",
            migrations.RunSQL.noop,
        ),
    ]
