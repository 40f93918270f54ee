"""A field whose column comes from a nested database operation.

verdict: safe
reason: The state and the database get the same nullable column, each by an operation of its own.
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
            ],
            options={"db_table": "iot_device"},
        ),
    ]


class Battery(migrations.Migration):
    dependencies = [("device_battery_state_and_column_nested", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.SeparateDatabaseAndState(
                    database_operations=[
                        migrations.RunSQL(
                            "ALTER TABLE iot_device ADD COLUMN battery_percent smallint NULL",
                            "ALTER TABLE iot_device DROP COLUMN battery_percent",
                        ),
                    ],
                ),
            ],
            state_operations=[
                migrations.AddField(
                    "device", "battery_percent", models.SmallIntegerField(null=True, blank=True)
                ),
            ],
        ),
    ]
