"""A key that the release before gave up is dropped with its column.

verdict: safe
reason: The deployed models do not know the column; dropping it locks both tables for a moment.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Doctor",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Visit",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("day", models.DateField()),
                (
                    "doctor",
                    models.ForeignKey("visit_doctor_key_dropped_late.doctor", models.CASCADE, null=True),
                ),
            ],
        ),
    ]


class ForgetDoctor(migrations.Migration):
    dependencies = [("visit_doctor_key_dropped_late", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("visit", "doctor")]),
    ]


class DropDoctor(migrations.Migration):
    dependencies = [("visit_doctor_key_dropped_late", "0002_forget_doctor")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE visit_doctor_key_dropped_late_visit DROP COLUMN IF EXISTS doctor_id",
            "ALTER TABLE visit_doctor_key_dropped_late_visit ADD COLUMN doctor_id bigint",
        ),
    ]
