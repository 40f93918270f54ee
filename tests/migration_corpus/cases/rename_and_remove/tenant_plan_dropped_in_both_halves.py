"""A field is taken out of the state and its column dropped, by the two halves of one operation.

verdict: unsafe
categories: destructive, incompatible
reason: The form is that of the careful way, but both halves run in the same release: the deployed one loses
    a column that it reads and writes.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tenant",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("subdomain", models.CharField(max_length=63)),
                ("plan", models.CharField(max_length=20, default="free")),
                ("seats", models.IntegerField(null=True)),
            ],
            options={"db_table": "saas_tenant"},
        ),
    ]


class DropPlan(migrations.Migration):
    dependencies = [("tenant_plan_dropped_in_both_halves", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE IF EXISTS saas_tenant DROP COLUMN IF EXISTS plan",
                    "ALTER TABLE saas_tenant ADD COLUMN plan varchar(20) NOT NULL DEFAULT 'free'",
                ),
            ],
            state_operations=[migrations.RemoveField("tenant", "plan")],
        ),
    ]
