"""A text becomes JSON.

verdict: unsafe
categories: blocking, incompatible
reason: Each text is parsed and the table rewritten; the deployed release still writes texts that are no
JSON.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Note",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("payload", models.TextField()),
            ],
        ),
    ]


class PayloadAsJson(migrations.Migration):
    dependencies = [("note_text_to_json", "0001_initial")]
    operations = [
        migrations.AlterField("note", "payload", models.JSONField()),
    ]
