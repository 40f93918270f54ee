"""A model is deleted in the state alone.

verdict: safe
reason: The table stays for the deployed release; the new one does not ask for it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Coupon",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=20)),
            ],
        ),
    ]


class ForgetCoupon(migrations.Migration):
    dependencies = [("coupon_model_forgotten", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Coupon")]),
    ]
