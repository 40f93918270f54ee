"""Both steps of the careful way to a CHECK, in one migration.

verdict: unsafe
categories: blocking
reason: The first step's ACCESS EXCLUSIVE lock lasts to the transaction's end, so the second reads under it.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO discount_check_two_steps_at_once_voucher "
        "(code, percent, uses, max_uses, expires_on, note) "
        "SELECT 'V' || n, n %% 100, 0, 10, current_date, '' FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=24)),
                ("percent", models.SmallIntegerField()),
                ("uses", models.IntegerField(default=0)),
                ("max_uses", models.IntegerField(default=1)),
                ("expires_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
    ]


class VoucherLimits(migrations.Migration):
    dependencies = [("discount_check_two_steps_at_once", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "voucher",
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)) & Q(uses__lte=F("max_uses")), name="voucher_limits"
            ),
        ),
        ValidateConstraint("voucher", "voucher_limits"),
    ]
