"""The ISBN of an edition becomes unique.

verdict: unsafe
categories: blocking
reason: ADD CONSTRAINT ... UNIQUE builds its index over all editions while ACCESS EXCLUSIVE is held.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO isbn_made_unique_publisher (name, country) VALUES ('House', 'DE'), ('Home', 'FR')"
    )
    cursor.execute(
        "INSERT INTO isbn_made_unique_edition (title, isbn, pages, published_on, publisher_id) "
        "SELECT 'Title ' || n, lpad(n::text, 13, '0'), 200, NULL, "
        "(SELECT min(id) FROM isbn_made_unique_publisher) "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Publisher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("country", models.CharField(max_length=2)),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=250)),
                ("isbn", models.CharField(max_length=13)),
                ("pages", models.IntegerField(default=0)),
                ("published_on", models.DateField(null=True)),
                (
                    "publisher",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, to="isbn_made_unique.publisher"),
                ),
            ],
        ),
    ]


class UniqueIsbn(migrations.Migration):
    dependencies = [("isbn_made_unique", "0001_initial")]
    operations = [
        migrations.AlterField("edition", "isbn", models.CharField(max_length=13, unique=True)),
    ]
