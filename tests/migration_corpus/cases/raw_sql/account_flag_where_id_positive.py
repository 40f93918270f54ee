"""An UPDATE has a WHERE that every row meets.

verdict: unsafe
categories: bulk_write
reason: All keys are positive.
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
    dependencies = [("account_flag_where_id_positive", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "UPDATE account_flag_where_id_positive_account SET notified = false WHERE id > 0",
            migrations.RunSQL.noop,
        ),
    ]
