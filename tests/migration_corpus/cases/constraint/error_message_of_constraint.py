"""The message of a constraint is put in plain words.

verdict: safe
reason: AlterConstraint changes what Python says; no statement is sent.
"""

from django.db import migrations, models


def window(**extra):
    return models.CheckConstraint(
        condition=models.Q(ends_at__gt=models.F("starts_at")), name="campaign_window", **extra
    )


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO error_message_of_constraint_campaign (name, budget, starts_at, ends_at, paused) "
        "SELECT 'C' || n, 100, now(), now() + interval '1 day', false FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=90)),
                ("budget", models.DecimalField(decimal_places=2, max_digits=11)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("paused", models.BooleanField(default=False)),
            ],
            options={"constraints": [window()]},
        ),
    ]


class ClearMessage(migrations.Migration):
    dependencies = [("error_message_of_constraint", "0001_initial")]
    operations = [
        migrations.AlterConstraint(
            model_name="campaign",
            name="campaign_window",
            constraint=window(
                violation_error_code="window", violation_error_message="A campaign ends after it starts."
            ),
        ),
    ]
