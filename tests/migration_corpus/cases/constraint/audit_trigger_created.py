"""Changes of salaries are written to a new log by a trigger.

verdict: safe
reason: CREATE TRIGGER holds SHARE ROW EXCLUSIVE for a moment and reads no row; the deployed writes go on.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Employee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=60)),
                ("salary", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("hired_on", models.DateField()),
            ],
        ),
    ]


class LogSalaries(migrations.Migration):
    dependencies = [("audit_trigger_created", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SalaryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("employee_id", models.BigIntegerField()),
                ("old", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("new", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION log_salary_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO audit_trigger_created_salarychange (employee_id, old, new, at)
                VALUES (NEW.id, OLD.salary, NEW.salary, now());
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER employee_salary_log AFTER UPDATE OF salary ON audit_trigger_created_employee
                FOR EACH ROW WHEN (OLD.salary IS DISTINCT FROM NEW.salary)
                EXECUTE FUNCTION log_salary_change();
            """,
            """
            DROP TRIGGER employee_salary_log ON audit_trigger_created_employee;
            DROP FUNCTION log_salary_change();
            """,
        ),
    ]
