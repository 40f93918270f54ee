"""Nobody searches guests by phone any more.

verdict: safe
reason: db_index=False drops the two indexes: a brief ACCESS EXCLUSIVE lock and no work on the rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("full_name", models.CharField(max_length=150)),
                ("phone", models.CharField(blank=True, db_index=True, default="", max_length=32)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("newsletter", models.BooleanField(default=False)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name": "guest", "verbose_name_plural": "guests"},
        ),
    ]


class UnindexPhone(migrations.Migration):
    dependencies = [("phone_db_index_dropped", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="guest",
            name="phone",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
    ]
