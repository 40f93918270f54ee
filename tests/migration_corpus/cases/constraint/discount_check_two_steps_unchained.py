"""Both steps of the careful way to a CHECK, in one migration without a transaction.

verdict: safe
reason: With atomic = False each step commits alone; the reading step holds SHARE UPDATE EXCLUSIVE only.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO discount_check_two_steps_unchained_voucher "
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
    atomic = False
    dependencies = [("discount_check_two_steps_unchained", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "voucher",
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)) & Q(uses__lte=F("max_uses")), name="voucher_limits"
            ),
        ),
        ValidateConstraint("voucher", "voucher_limits"),
    ]
