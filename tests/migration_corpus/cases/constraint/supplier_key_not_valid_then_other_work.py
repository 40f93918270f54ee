"""A foreign key is added for new rows alone.

verdict: safe
reason: NOT VALID reads no row of either table.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Supplier",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Part",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "supplier",
                    models.ForeignKey(
                        "supplier_key_not_valid_then_other_work.supplier", models.CASCADE, db_constraint=False
                    ),
                ),
            ],
        ),
    ]


class AddKey(migrations.Migration):
    dependencies = [("supplier_key_not_valid_then_other_work", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE supplier_key_not_valid_then_other_work_part ADD CONSTRAINT
                supplier_key_not_valid_then_other_work_fk FOREIGN KEY (supplier_id)
                REFERENCES supplier_key_not_valid_then_other_work_supplier (id) DEFERRABLE INITIALLY
                    DEFERRED NOT VALID
            """,
            """
            ALTER TABLE supplier_key_not_valid_then_other_work_part DROP CONSTRAINT
                supplier_key_not_valid_then_other_work_fk
            """,
            state_operations=[
                migrations.AlterField(
                    "part",
                    "supplier",
                    models.ForeignKey("supplier_key_not_valid_then_other_work.supplier", models.CASCADE),
                )
            ],
        ),
    ]
