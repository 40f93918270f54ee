"""Books get readers: a many-to-many relation between two old tables.

verdict: safe
reason: The relation lives in a table of its own, which is new; books and readers are locked for a moment.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("card_no", models.CharField(max_length=20, unique=True)),
                ("member_since", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("shelf", models.CharField(max_length=10)),
                ("copies", models.PositiveSmallIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="AudioBook",
            fields=[
                (
                    "book_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="readers_of_a_book.book",
                    ),
                ),
                ("narrator", models.CharField(max_length=100)),
                ("minutes", models.IntegerField()),
            ],
            bases=("readers_of_a_book.book",),
        ),
    ]


class BookReaders(migrations.Migration):
    dependencies = [("readers_of_a_book", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="book",
            name="readers",
            field=models.ManyToManyField(
                blank=True, db_table="book_readers", related_name="books", to="readers_of_a_book.reader"
            ),
        ),
    ]
