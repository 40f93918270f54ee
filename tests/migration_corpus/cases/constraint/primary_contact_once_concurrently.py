"""A company has one primary contact at most; the rule's index is built concurrently.

verdict: safe
reason: A UniqueConstraint with a condition is an index, and the one in the state is built CONCURRENTLY.
"""

from django.db import migrations, models

CONSTRAINT = models.UniqueConstraint(
    fields=["company"], condition=models.Q(primary=True), name="contact_one_primary"
)


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO primary_contact_once_concurrently_company (name, city) "
        "SELECT 'Company ' || n, 'Bonn' FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        'INSERT INTO primary_contact_once_concurrently_contact (name, email, "primary", company_id) '
        "SELECT name, 'mail@example.com', true, id FROM primary_contact_once_concurrently_company"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("city", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("email", models.EmailField(max_length=254)),
                ("primary", models.BooleanField(default=False)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="primary_contact_once_concurrently.company"
                    ),
                ),
            ],
        ),
    ]


class OnePrimaryContact(migrations.Migration):
    atomic = False
    dependencies = [("primary_contact_once_concurrently", "0001_initial")]
    operations = [
        migrations.RunSQL(
            'CREATE UNIQUE INDEX CONCURRENTLY "contact_one_primary" '
            'ON "primary_contact_once_concurrently_contact" ("company_id") WHERE "primary"',
            'DROP INDEX CONCURRENTLY "contact_one_primary"',
            state_operations=[migrations.AddConstraint("contact", CONSTRAINT)],
        ),
    ]
