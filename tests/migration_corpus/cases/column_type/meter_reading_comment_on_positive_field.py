"""A comment for a PositiveIntegerField.

verdict: unsafe
categories: blocking
reason: Django sets the comment together with ALTER COLUMN ... TYPE integer; the type stays, but the
    field's CHECK is made again and the table is scanned for it under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Meter",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.CharField(max_length=24, unique=True)),
            ],
        ),
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "meter",
                    models.ForeignKey("meter_reading_comment_on_positive_field.meter", models.CASCADE),
                ),
                ("watt_hours", models.PositiveIntegerField()),
                ("read_at", models.DateTimeField()),
                ("estimated", models.BooleanField(default=False)),
            ],
        ),
    ]


class CommentColumns(migrations.Migration):
    dependencies = [("meter_reading_comment_on_positive_field", "0001_initial")]
    operations = [
        migrations.AlterField(
            "reading", "watt_hours", models.PositiveIntegerField(db_comment="Counter, in Wh, never reset")
        ),
    ]
