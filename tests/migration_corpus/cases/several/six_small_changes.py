"""Six changes of the catalogue in one migration.

verdict: safe
reason: None of them reads or rewrites the table, the locks are brief, and the new column has a default.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Author",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(max_length=2, null=True)),
            ],
        ),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=120)),
                ("isbn", models.CharField(max_length=13, null=True)),
                (
                    "binding",
                    models.CharField(
                        max_length=10,
                        choices=[("hard", "Hard cover"), ("soft", "Soft cover")],
                        default="soft",
                    ),
                ),
                ("author", models.ForeignKey("six_small_changes.author", on_delete=models.PROTECT)),
                ("published_on", models.DateField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["published_on"], name="book6_published_idx")]},
        ),
    ]


class SixSmallChanges(migrations.Migration):
    dependencies = [("six_small_changes", "0001_initial")]
    operations = [
        migrations.AlterModelOptions("book", {"ordering": ["title"], "verbose_name": "title in print"}),
        migrations.AddField("book", "subtitle", models.CharField(max_length=200, null=True, blank=True)),
        migrations.AlterField("book", "title", models.CharField(max_length=250)),
        migrations.AddField("book", "is_listed", models.BooleanField(default=True, db_default=True)),
        migrations.RenameIndex("book", new_name="book6_pub_on_idx", old_name="book6_published_idx"),
        migrations.AlterField(
            "book",
            "binding",
            models.CharField(
                max_length=10,
                choices=[("hard", "Hard cover"), ("soft", "Soft cover"), ("e", "E-book")],
                default="soft",
            ),
        ),
    ]
