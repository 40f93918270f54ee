"""The same two statements come in one string, without a transaction of the migration.

verdict: unsafe
categories: blocking
reason: What is sent as one message is one transaction: the first lock is held while the second statement
reads.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Toll",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("fee", models.IntegerField()),
            ],
        ),
    ]


class CheckFee(migrations.Migration):
    atomic = False

    dependencies = [("toll_fee_check_two_steps_in_one_string", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE toll_fee_check_two_steps_in_one_string_toll ADD CONSTRAINT
                toll_fee_check_two_steps_in_one_string_fee CHECK (fee >= 0) NOT VALID;
            ALTER TABLE toll_fee_check_two_steps_in_one_string_toll VALIDATE CONSTRAINT
                toll_fee_check_two_steps_in_one_string_fee;
            """,
            """
            ALTER TABLE toll_fee_check_two_steps_in_one_string_toll DROP CONSTRAINT
                toll_fee_check_two_steps_in_one_string_fee
            """,
        ),
    ]
