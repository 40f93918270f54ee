"""A text column that is not indexed becomes citext.

verdict: safe
reason: varchar and citext are binary coercible, so that neither rows nor indexes are touched.
"""

from django.contrib.postgres.operations import CITextExtension
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Subscriber",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("mail", models.CharField(max_length=100)),
            ],
        ),
        CITextExtension(),
    ]


class IgnoreCase(migrations.Migration):
    dependencies = [("subscriber_mail_to_citext", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE subscriber_mail_to_citext_subscriber ALTER COLUMN mail TYPE citext",
            "ALTER TABLE subscriber_mail_to_citext_subscriber ALTER COLUMN mail TYPE varchar(100)",
        ),
    ]
