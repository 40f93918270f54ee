"""A CharField becomes a SlugField of the same length.

verdict: unsafe
categories: blocking
reason: The column stays what it is, but a SlugField has an index by default: two are built under SHARE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shop",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("handle", models.CharField(max_length=50)),
                ("tagline", models.CharField(max_length=200, blank=True)),
            ],
        ),
    ]


class HandleIsSlug(migrations.Migration):
    dependencies = [("shop_handle_char_becomes_slug", "0001_initial")]
    operations = [migrations.AlterField("shop", "handle", models.SlugField(max_length=50))]
