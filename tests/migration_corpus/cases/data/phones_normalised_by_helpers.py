"""The write hides three helpers deep: a registry of cleaners, a loop over models, a queryset in an argument.

verdict: unsafe
categories: bulk_write
reason: Both tables are rewritten whole (every row gets a new phone value) in the migration's one transaction.
"""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Replace

SEPARATORS = (" ", "-", "/", "(", ")")


def without_separators(expression):
    for separator in SEPARATORS:
        expression = Replace(expression, Value(separator), Value(""))
    return expression


def rewrite(queryset, **values):
    return queryset.update(**values)


def clean(model, field):
    rewrite(model._base_manager.all(), **{field: Concat(Value("+"), without_separators(models.F(field)))})


CLEANERS = {"Customer": "phone", "Supplier": "hotline"}


def normalise(apps, schema_editor):
    for model_name, field in CLEANERS.items():
        clean(apps.get_model("phones_normalised_by_helpers", model_name), field)


def seed(cursor, rows):
    for table, field in (("customer", "phone"), ("supplier", "hotline")):
        cursor.execute(
            f"INSERT INTO phones_normalised_by_helpers_{table} (name, {field}, is_active)"
            " SELECT 'Name ' || n, '030 123-' || n, true FROM generate_series(1, %s) AS n",
            [rows],
        )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Customer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=40)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            "Supplier",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("hotline", models.CharField(max_length=40)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
    ]


class NormalisePhones(migrations.Migration):
    dependencies = [("phones_normalised_by_helpers", "0001_initial")]
    operations = [migrations.RunPython(normalise, migrations.RunPython.noop)]
