"""unique_together becomes a UniqueConstraint with the same columns.

verdict: unsafe
categories: blocking
reason: The same rule under a new name: the old index is dropped and a new one built under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO unique_together_modernised_rate (base, quote, day, value, source) "
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
    dependencies = [("unique_together_modernised", "0001_initial")]
    operations = [
        migrations.AlterUniqueTogether(name="rate", unique_together=set()),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.UniqueConstraint(fields=("base", "quote", "day"), name="rate_once_a_day"),
        ),
    ]
