"""A check is added for new rows and validated by a second statement outside a transaction.

verdict: safe
reason: Each statement commits by itself, so that VALIDATE holds no more than SHARE UPDATE EXCLUSIVE.
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
                ("amount", models.IntegerField()),
            ],
        ),
    ]


class CheckAmount(migrations.Migration):
    atomic = False

    dependencies = [("toll_check_two_steps_each_alone", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                """
                ALTER TABLE toll_check_two_steps_each_alone_toll ADD CONSTRAINT
                    toll_check_two_steps_each_alone_amount CHECK (amount >= 0) NOT VALID
                """,
                """
                ALTER TABLE toll_check_two_steps_each_alone_toll VALIDATE CONSTRAINT
                    toll_check_two_steps_each_alone_amount
                """,
            ],
            """
            ALTER TABLE toll_check_two_steps_each_alone_toll DROP CONSTRAINT
                toll_check_two_steps_each_alone_amount
            """,
        ),
    ]
