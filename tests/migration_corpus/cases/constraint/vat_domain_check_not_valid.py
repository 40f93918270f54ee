"""The database's own type for VAT numbers gets a rule for new values.

verdict: safe
reason: NOT VALID leaves out the look at the columns of this type, which are as large as their tables.
"""

from django.db import migrations, models


class VatNumberField(models.Field):
    """A VAT number, by the domain of this database."""

    def db_type(self, connection):
        return "vat_number"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE DOMAIN vat_number AS varchar(20)", "DROP DOMAIN vat_number"),
        migrations.CreateModel(
            "Client",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("vat", VatNumberField()),
            ],
        ),
    ]


class VatNotEmpty(migrations.Migration):
    dependencies = [("vat_domain_check_not_valid", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN vat_number ADD CONSTRAINT vat_number_not_empty CHECK (VALUE <> '') NOT VALID",
            "ALTER DOMAIN vat_number DROP CONSTRAINT vat_number_not_empty",
        ),
    ]
