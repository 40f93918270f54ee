"""A proxy model and an unmanaged one are deleted.

verdict: safe
reason: A proxy has no table of its own, and Django leaves that of an unmanaged model alone: no
    statement runs.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=10, default="guest")),
                ("email", models.EmailField(max_length=254)),
            ],
            options={"db_table": "hr_person"},
        ),
        migrations.CreateModel(
            "Staff",
            [],
            options={"proxy": True, "ordering": ["name"]},
            bases=("staff_proxy_deleted.person",),
        ),
        migrations.RunSQL(
            "CREATE VIEW hr_staff_directory AS SELECT id, name, email FROM hr_person WHERE role = 'staff'",
            "DROP VIEW hr_staff_directory",
        ),
        migrations.CreateModel(
            "StaffDirectory",
            [
                ("id", models.BigIntegerField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
            ],
            options={"managed": False, "db_table": "hr_staff_directory"},
        ),
    ]


class DeleteProxies(migrations.Migration):
    dependencies = [("staff_proxy_deleted", "0001_initial")]
    operations = [
        migrations.DeleteModel("Staff"),
        migrations.DeleteModel("StaffDirectory"),
    ]
