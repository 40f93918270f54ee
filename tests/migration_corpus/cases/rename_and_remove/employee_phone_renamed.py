"""Two columns get better names.

verdict: unsafe
categories: incompatible
reason: RENAME COLUMN is quick, but the deployed release asks for the old names until it is gone.
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
                ("tel", models.CharField(max_length=30, blank=True)),
                ("dept", models.CharField(max_length=40)),
                ("hired_on", models.DateField()),
                ("manager", models.ForeignKey("self", models.SET_NULL, null=True, blank=True)),
            ],
        ),
    ]


class BetterNames(migrations.Migration):
    dependencies = [("employee_phone_renamed", "0001_initial")]
    operations = [
        migrations.RenameField(model_name="employee", old_name="tel", new_name="phone"),
        migrations.RenameField(model_name="employee", old_name="dept", new_name="department"),
    ]
