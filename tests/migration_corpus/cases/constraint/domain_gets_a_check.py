"""The database's own type for postcodes gets a rule.

verdict: unsafe
categories: blocking
reason: ALTER DOMAIN ... ADD CONSTRAINT reads every table that has a column of the domain, under SHARE.
"""

from django.db import migrations, models


class PostcodeField(models.CharField):
    def db_type(self, connection):
        return "postcode"


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO domain_gets_a_check_branch (name, street, postcode, opened_on) "
        "SELECT 'Branch ' || n, 'Main Street', lpad((n %% 99999)::text, 5, '0'), current_date "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE DOMAIN postcode AS varchar(12)", "DROP DOMAIN postcode"),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("street", models.CharField(max_length=90)),
                ("postcode", PostcodeField(max_length=12)),
                ("opened_on", models.DateField(null=True)),
            ],
        ),
    ]


class PostcodeTrimmed(migrations.Migration):
    dependencies = [("domain_gets_a_check", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN postcode ADD CONSTRAINT postcode_trimmed CHECK (VALUE = btrim(VALUE))",
            "ALTER DOMAIN postcode DROP CONSTRAINT postcode_trimmed",
        ),
    ]
