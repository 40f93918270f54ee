"""An index that was built concurrently becomes the constraint behind unique=True.

verdict: safe
reason: ADD CONSTRAINT ... USING INDEX takes the finished index over: a brief lock and no work.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO isbn_unique_by_existing_index_edition (title, isbn, pages, language) "
        "SELECT 'Title ' || n, lpad(n::text, 13, '0'), 200, 'en' FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=250)),
                ("isbn", models.CharField(max_length=13)),
                ("pages", models.IntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=8)),
            ],
        ),
    ]


class BuildIsbnIndex(migrations.Migration):
    atomic = False
    dependencies = [("isbn_unique_by_existing_index", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY edition_isbn_uniq "
            "ON isbn_unique_by_existing_index_edition (isbn)",
            "DROP INDEX edition_isbn_uniq",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY edition_isbn_like "
            "ON isbn_unique_by_existing_index_edition (isbn varchar_pattern_ops)",
            "DROP INDEX edition_isbn_like",
        ),
    ]


class UniqueIsbn(migrations.Migration):
    dependencies = [("isbn_unique_by_existing_index", "0002_build_isbn_index")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE "isbn_unique_by_existing_index_edition" '
                    'ADD CONSTRAINT "edition_isbn_key" UNIQUE USING INDEX "edition_isbn_uniq"',
                    'ALTER TABLE "isbn_unique_by_existing_index_edition" DROP CONSTRAINT "edition_isbn_key"',
                ),
            ],
            state_operations=[
                migrations.AlterField("edition", "isbn", models.CharField(max_length=13, unique=True)),
            ],
        ),
    ]
