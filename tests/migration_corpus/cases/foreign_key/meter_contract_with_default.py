"""Every meter belongs to a contract; the old ones to the first.

verdict: unsafe
categories: blocking, incompatible
reason: The key's index and validation read all meters under locks; deployed INSERTs lack the column.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=30)),
                ("signed_on", models.DateField(null=True)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Meter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("serial_no", models.CharField(max_length=40)),
                ("kind", models.CharField(choices=[("gas", "Gas"), ("water", "Water")], max_length=5)),
                ("installed_on", models.DateField()),
                ("last_value", models.DecimalField(decimal_places=3, default=0, max_digits=12)),
            ],
        ),
    ]


class MeterContract(migrations.Migration):
    dependencies = [("meter_contract_with_default", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="meter",
            name="contract",
            field=models.ForeignKey(
                default=1, on_delete=models.deletion.PROTECT, to="meter_contract_with_default.contract"
            ),
            preserve_default=False,
        ),
    ]


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO meter_contract_with_default_contract (number, signed_on, active) "
        "SELECT 'C' || n, current_date, true FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO meter_contract_with_default_meter (serial_no, kind, installed_on, last_value) "
        "SELECT 'M' || n, 'gas', current_date, n FROM generate_series(1, %s) AS n",
        [rows],
    )
