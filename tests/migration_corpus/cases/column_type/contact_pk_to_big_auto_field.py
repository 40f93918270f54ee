"""A primary key moves to BigAutoField.

verdict: unsafe
categories: blocking
reason: The key and every column that refers to it are rewritten, and the FOREIGN KEY is checked
    again, all under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Contact",
            [
                ("id", models.AutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            "Call",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("contact", models.ForeignKey("contact_pk_to_big_auto_field.contact", models.CASCADE)),
                ("started_at", models.DateTimeField()),
                ("seconds", models.IntegerField(default=0)),
                ("summary", models.TextField(blank=True)),
            ],
        ),
    ]


class BigKeys(migrations.Migration):
    dependencies = [("contact_pk_to_big_auto_field", "0001_initial")]
    operations = [
        migrations.AlterField(
            "contact",
            "id",
            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
        ),
    ]
