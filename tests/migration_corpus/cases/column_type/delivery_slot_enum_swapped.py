"""A value is taken out of an enum: a new type takes the place of the old one.

verdict: unsafe
categories: blocking, incompatible
reason: The column is cast to the new type, which writes every row again, and the deployed release still
    offers the value that the new type has not.
"""

from django.db import migrations, models


class SlotField(models.Field):
    """A column of the enum type delivery_slot."""

    def db_type(self, connection):
        return "delivery_slot"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE TYPE delivery_slot AS ENUM ('morning', 'noon', 'evening')", "DROP TYPE delivery_slot"
        ),
        migrations.CreateModel(
            "Delivery",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("address", models.CharField(max_length=200)),
                (
                    "slot",
                    SlotField(choices=[("morning", "Morning"), ("noon", "Noon"), ("evening", "Evening")]),
                ),
            ],
            options={"db_table": "grocer_delivery"},
        ),
    ]


class NoMoreNoon(migrations.Migration):
    dependencies = [("delivery_slot_enum_swapped", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
            ALTER TYPE delivery_slot RENAME TO delivery_slot_old;
            CREATE TYPE delivery_slot AS ENUM ('morning', 'evening');
            ALTER TABLE grocer_delivery ALTER COLUMN slot TYPE delivery_slot
                USING (CASE slot WHEN 'noon' THEN 'morning' ELSE slot::text END)::delivery_slot;
            DROP TYPE delivery_slot_old;
            """,
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "delivery", "slot", SlotField(choices=[("morning", "Morning"), ("evening", "Evening")])
                ),
            ],
        ),
    ]
