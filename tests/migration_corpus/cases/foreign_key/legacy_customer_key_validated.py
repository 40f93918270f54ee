"""A table from an old system gets the foreign key that it never had.

verdict: unsafe
categories: blocking
reason: ADD FOREIGN KEY reads all payments under SHARE ROW EXCLUSIVE on both tables.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO crm_customer (name, vat_id, active) "
        "SELECT 'Customer ' || n, '', true FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO crm_payment (customer_id, amount, reference, booked_on) "
        "SELECT id, 10, 'ref ' || id, current_date FROM crm_customer"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=150)),
                ("vat_id", models.CharField(blank=True, max_length=20)),
                ("active", models.BooleanField(default=True)),
            ],
            options={"db_table": "crm_customer"},
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.deletion.DO_NOTHING,
                        to="legacy_customer_key_validated.customer",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("reference", models.CharField(max_length=140)),
                ("booked_on", models.DateField()),
            ],
            options={"db_table": "crm_payment"},
        ),
    ]


class PaymentCustomerKey(migrations.Migration):
    dependencies = [("legacy_customer_key_validated", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            alter table if exists crm_payment
              add constraint crm_payment_customer_fk
              foreign key (customer_id)
              references crm_customer (id)
              deferrable initially deferred;
            """,
            "alter table crm_payment drop constraint crm_payment_customer_fk;",
        ),
    ]
