"""The key of leases to flats is enforced at last, in two statements that each commit.

verdict: safe
reason: NOT VALID reads nothing; VALIDATE comes in a transaction of its own and lets writers through while
    it reads.
"""

from django.db import migrations, models

APP = "lease_flat_key_two_steps_each_alone"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Flat",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("address", models.CharField(max_length=160)),
            ],
            options={"db_table": "rent_flat"},
        ),
        migrations.CreateModel(
            "Lease",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("flat", models.ForeignKey(f"{APP}.flat", models.PROTECT, db_constraint=False)),
                ("begins_on", models.DateField()),
            ],
            options={"db_table": "rent_lease"},
        ),
    ]


class EnforceFlat(migrations.Migration):
    atomic = False
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                """
                ALTER TABLE rent_lease ADD CONSTRAINT rent_lease_flat_id_fk FOREIGN KEY (flat_id)
                    REFERENCES rent_flat (id) DEFERRABLE INITIALLY DEFERRED NOT VALID
                """,
                "ALTER TABLE rent_lease VALIDATE CONSTRAINT rent_lease_flat_id_fk",
            ],
            reverse_sql="ALTER TABLE rent_lease DROP CONSTRAINT rent_lease_flat_id_fk",
            state_operations=[
                migrations.AlterField("lease", "flat", models.ForeignKey(f"{APP}.flat", models.PROTECT)),
            ],
        ),
    ]
