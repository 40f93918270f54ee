"""unique_together becomes a UniqueConstraint by a rename of what the database has.

verdict: safe
reason: RENAME CONSTRAINT changes the catalogue; the index stays as it is.
"""

from django.db import migrations, models

RENAME = """
DO $$
DECLARE
    old_name text;
BEGIN
    SELECT conname INTO STRICT old_name
    FROM pg_constraint
    WHERE conrelid = 'unique_together_renamed_in_place_rate'::regclass AND contype = 'u';
    EXECUTE format(
        'ALTER TABLE unique_together_renamed_in_place_rate RENAME CONSTRAINT %I TO rate_once_daily', old_name
    );
END
$$
"""


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO unique_together_renamed_in_place_rate (base, quote, day, value, source) "
        "SELECT 'EUR', 'USD', date '2000-01-01' + n, 1.1, 'ecb' FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("base", models.CharField(max_length=3)),
                ("quote", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("value", models.DecimalField(decimal_places=8, max_digits=18)),
                ("source", models.CharField(default="ecb", max_length=20)),
            ],
            options={"unique_together": {("base", "quote", "day")}},
        ),
    ]


class NamedUniqueRate(migrations.Migration):
    dependencies = [("unique_together_renamed_in_place", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RENAME, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterUniqueTogether(name="rate", unique_together=set()),
                migrations.AddConstraint(
                    model_name="rate",
                    constraint=models.UniqueConstraint(
                        fields=("base", "quote", "day"), name="rate_once_daily"
                    ),
                ),
            ],
        ),
    ]
