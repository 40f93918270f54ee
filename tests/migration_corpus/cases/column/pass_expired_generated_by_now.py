"""A generated column tells whether a pass is over.

verdict: unsafe
categories: fails
reason: The expression of a stored generated column must be immutable, and the time of now is not;
    PostgreSQL refuses the column on an empty table too.
"""

from django.db import migrations, models
from django.db.models import Case, Value, When
from django.db.models.functions import Now


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "SeasonPass",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("holder", models.CharField(max_length=100)),
                ("expires_at", models.DateTimeField()),
            ],
        ),
    ]


class Expired(migrations.Migration):
    dependencies = [("pass_expired_generated_by_now", "0001_initial")]
    operations = [
        migrations.AddField(
            "seasonpass",
            "is_expired",
            models.GeneratedField(
                expression=Case(When(expires_at__lt=Now(), then=Value(True)), default=Value(False)),
                output_field=models.BooleanField(),
                db_persist=True,
            ),
        ),
    ]
