"""Fields get better names and keep their columns.

verdict: safe
reason: RenameField on a field with its own db_column changes no column, and the other rename is for
    the state only, with db_column set to the old name.
"""

from django.conf import settings
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            "Employee",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("user", models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)),
                ("mail", models.EmailField(max_length=254, db_column="work_mail")),
                ("dept", models.CharField(max_length=40)),
                ("hired_on", models.DateField()),
            ],
        ),
    ]


class BetterNames(migrations.Migration):
    dependencies = [("employee_mail_renamed_keeps_column", "0001_initial")]
    operations = [
        migrations.RenameField(model_name="employee", old_name="mail", new_name="email"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("employee", "dept", "department"),
                migrations.AlterField(
                    "employee", "department", models.CharField(max_length=40, db_column="dept")
                ),
            ],
        ),
    ]
