"""The database's own type for phone numbers forbids NULL from now on.

verdict: unsafe
categories: blocking, incompatible
reason: Every column of the domain is read while writers of its tables wait, and the deployed release still
    writes NULL.
"""

from django.db import migrations, models


class PhoneField(models.Field):
    """A phone number, by the domain of this database."""

    def db_type(self, connection):
        return "intl_phone"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE DOMAIN intl_phone AS varchar(24)", "DROP DOMAIN intl_phone"),
        migrations.CreateModel(
            "Patient",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("phone", PhoneField(null=True)),
            ],
        ),
    ]


class PhoneRequired(migrations.Migration):
    dependencies = [("phone_domain_set_not_null", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN intl_phone SET NOT NULL",
            "ALTER DOMAIN intl_phone DROP NOT NULL",
            state_operations=[migrations.AlterField("patient", "phone", PhoneField())],
        ),
    ]
