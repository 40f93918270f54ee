"""The second step of a foreign key: the old rows are looked at.

verdict: safe
reason: VALIDATE CONSTRAINT holds SHARE UPDATE EXCLUSIVE on the purchases and ROW SHARE on the suppliers.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO procure_supplier (name, country, rating) "
        "SELECT 'Supplier ' || n, 'PL', 3 FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO procure_purchase (supplier_id, amount, reference, ordered_on) "
        "SELECT id, 10, 'ref ' || id, current_date FROM procure_supplier"
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
            options={"db_table": "procure_supplier"},
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                (
                    "supplier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.deletion.DO_NOTHING,
                        to="legacy_supplier_key_validated_later.supplier",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("reference", models.CharField(max_length=140)),
                ("ordered_on", models.DateField()),
            ],
            options={"db_table": "procure_purchase"},
        ),
    ]


class PurchaseSupplierKey(migrations.Migration):
    dependencies = [("legacy_supplier_key_validated_later", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE procure_purchase ADD CONSTRAINT procure_purchase_supplier_fk "
            "FOREIGN KEY (supplier_id) REFERENCES procure_supplier (id) "
            "DEFERRABLE INITIALLY DEFERRED NOT VALID",
            "ALTER TABLE procure_purchase DROP CONSTRAINT procure_purchase_supplier_fk",
        ),
    ]


class ValidateSupplierKey(migrations.Migration):
    dependencies = [("legacy_supplier_key_validated_later", "0002_purchase_supplier_key")]
    operations = [
        migrations.RunSQL(
            [("ALTER TABLE procure_purchase VALIDATE CONSTRAINT procure_purchase_supplier_fk", None)],
            migrations.RunSQL.noop,
        ),
    ]
