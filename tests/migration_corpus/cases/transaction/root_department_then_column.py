"""Two departments are created, one below the other, then the table gets a column in the same transaction.

verdict: unsafe
categories: fails
reason: The deferred foreign key check of the new row is pending; ALTER TABLE refuses a table with such.
"""

from django.db import migrations, models


def create_root(apps, schema_editor):
    Department = apps.get_model("root_department_then_column", "Department")
    root = Department.objects.create(code="ROOT", name="Company")
    Department.objects.create(code="NONE", name="Not assigned", parent=root)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Department",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("budget", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        "root_department_then_column.department",
                        null=True,
                        blank=True,
                        on_delete=models.PROTECT,
                        related_name="children",
                    ),
                ),
            ],
        ),
    ]


class RootDepartment(migrations.Migration):
    dependencies = [("root_department_then_column", "0001_initial")]
    operations = [
        migrations.RunPython(create_root, migrations.RunPython.noop),
        migrations.AddField("department", "cost_centre", models.CharField(max_length=20, null=True)),
    ]
