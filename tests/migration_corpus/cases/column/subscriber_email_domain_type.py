"""A column of a domain type that carries a constraint.

verdict: unsafe
categories: blocking
reason: PostgreSQL checks a constrained domain for each row of the table, even where the new value
    is NULL: ADD COLUMN rewrites the table.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Subscriber",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("locale", models.CharField(max_length=8, default="en")),
                ("confirmed", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class EmailDomain(migrations.Migration):
    dependencies = [("subscriber_email_domain_type", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE DOMAIN mail_address AS varchar(254) CHECK (VALUE LIKE '%_@_%')",
            "DROP DOMAIN mail_address",
        ),
    ]


class BackupEmail(migrations.Migration):
    dependencies = [("subscriber_email_domain_type", "0002_email_domain")]
    operations = [
        migrations.RunSQL(
            'ALTER TABLE "subscriber_email_domain_type_subscriber" ADD COLUMN "backup_email" mail_address',
            'ALTER TABLE "subscriber_email_domain_type_subscriber" DROP COLUMN "backup_email"',
            state_operations=[
                migrations.AddField(
                    "subscriber", "backup_email", models.EmailField(max_length=254, null=True)
                ),
            ],
        ),
    ]
