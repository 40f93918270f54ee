"""Two columns go that the models lost one release ago, beside a nullable one that comes.

verdict: safe
reason: The earlier migration took the fields out of the state and let the database fill the columns; nobody
    who is deployed names them, and DROP COLUMN changes the catalogue alone.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Employee",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("fax", models.CharField(max_length=30, blank=True, default="")),
                ("pager", models.CharField(max_length=30, null=True)),
                ("email", models.EmailField(max_length=254)),
                ("hired_on", models.DateField()),
            ],
        ),
    ]


class RetireFaxAndPager(migrations.Migration):
    dependencies = [("two_retired_columns_dropped", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField("employee", "fax", models.CharField(max_length=30, null=True)),
            ],
            state_operations=[
                migrations.RemoveField("employee", "fax"),
                migrations.RemoveField("employee", "pager"),
            ],
        ),
    ]


class DropFaxAndPager(migrations.Migration):
    dependencies = [("two_retired_columns_dropped", "0002_retire_fax_and_pager")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE two_retired_columns_dropped_employee DROP COLUMN fax, DROP COLUMN IF EXISTS pager",
            migrations.RunSQL.noop,
        ),
        migrations.AddField("employee", "mobile", models.CharField(max_length=30, null=True)),
    ]
