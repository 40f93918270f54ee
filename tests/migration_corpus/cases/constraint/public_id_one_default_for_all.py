"""A public identifier for every parcel, with uuid4 as its default.

verdict: unsafe
categories: fails, blocking
reason: Django calls uuid4 once and gives all rows that value, so the unique index fails on two rows.
"""

import uuid

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=60)),
                ("weight_g", models.IntegerField(default=0)),
                ("fragile", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class PublicId(migrations.Migration):
    dependencies = [("public_id_one_default_for_all", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="parcel",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True, unique=True),
        ),
    ]
