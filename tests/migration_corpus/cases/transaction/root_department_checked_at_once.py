"""Two departments are created, their constraints checked at once, then the table gets a column.

verdict: safe
reason: SET CONSTRAINTS ALL IMMEDIATE leaves no pending trigger event; the nullable column needs no scan.
"""

from django.db import migrations, models


def create_root(apps, schema_editor):
    Department = apps.get_model("root_department_checked_at_once", "Department")
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
                        "root_department_checked_at_once.department",
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
    dependencies = [("root_department_checked_at_once", "0001_initial")]
    operations = [
        migrations.RunPython(create_root, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AddField("department", "cost_centre", models.CharField(max_length=20, null=True)),
    ]
