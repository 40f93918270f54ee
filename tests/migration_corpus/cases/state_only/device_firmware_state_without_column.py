"""A field that the state has and the database has not.

verdict: unsafe
categories: incompatible
reason: Nobody adds the column: the new release selects a column that is not there.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Device",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("serial", models.CharField(max_length=32, unique=True)),
                ("model", models.CharField(max_length=40)),
                ("online", models.BooleanField(default=False)),
                ("last_seen", models.DateTimeField(null=True, blank=True)),
            ],
        ),
    ]


class Firmware(migrations.Migration):
    dependencies = [("device_firmware_state_without_column", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.SeparateDatabaseAndState(
                    state_operations=[
                        migrations.AddField(
                            "device", "firmware", models.CharField(max_length=20, null=True, blank=True)
                        ),
                    ],
                ),
            ],
        ),
    ]
