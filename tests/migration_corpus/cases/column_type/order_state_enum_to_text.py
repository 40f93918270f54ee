"""An enum column becomes text.

verdict: unsafe
categories: blocking
reason: An enum is stored as a number; each row is rewritten.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("state", models.CharField(max_length=10, choices=[("new", "new"), ("old", "old")])),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TYPE order_state_enum_to_text_kind AS ENUM ('new', 'old');
            ALTER TABLE order_state_enum_to_text_order ALTER COLUMN state TYPE
                order_state_enum_to_text_kind USING state::order_state_enum_to_text_kind;
            """
        ),
    ]


class ToText(migrations.Migration):
    dependencies = [("order_state_enum_to_text", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE order_state_enum_to_text_order ALTER COLUMN state TYPE text", migrations.RunSQL.noop
        ),
    ]
