"""A table from an old system gets its foreign key for new rows.

verdict: safe
reason: NOT VALID adds the key without reading a row: a brief SHARE ROW EXCLUSIVE lock on both tables.
"""

from django.db import migrations, models


def supplier(**extra):
    return models.ForeignKey(
        on_delete=models.deletion.DO_NOTHING, to="legacy_supplier_key_not_valid.supplier", **extra
    )


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO scm_supplier (name, country, rating) "
        "SELECT 'Supplier ' || n, 'PL', 3 FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO scm_purchase (supplier_id, amount, reference, ordered_on) "
        "SELECT id, 10, 'ref ' || id, current_date FROM scm_supplier"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=150)),
                ("country", models.CharField(max_length=2)),
                ("rating", models.SmallIntegerField(default=3)),
            ],
            options={"db_table": "scm_supplier"},
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("supplier", supplier(db_constraint=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("reference", models.CharField(max_length=140)),
                ("ordered_on", models.DateField()),
            ],
            options={"db_table": "scm_purchase"},
        ),
    ]


class PurchaseSupplierKey(migrations.Migration):
    dependencies = [("legacy_supplier_key_not_valid", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE "scm_purchase" ADD CONSTRAINT "scm_purchase_supplier_fk" '
                    'FOREIGN KEY ("supplier_id") REFERENCES "scm_supplier" ("id") '
                    "DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    'ALTER TABLE "scm_purchase" DROP CONSTRAINT "scm_purchase_supplier_fk"',
                ),
            ],
            state_operations=[migrations.AlterField("purchase", "supplier", supplier())],
        ),
    ]
