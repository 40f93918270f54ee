"""The key of authors runs out of integers and grows to bigint.

verdict: unsafe
categories: blocking
reason: integer to bigint rewrites the authors and each table that refers to them, under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("born", models.SmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("likes", models.IntegerField(default=0)),
                ("approved", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, to="author_key_grown_with_its_references.author"
                    ),
                ),
            ],
        ),
    ]


class BigAuthorKey(migrations.Migration):
    dependencies = [("author_key_grown_with_its_references", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="author",
            name="id",
            field=models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
    ]
