"""A rule for the dates of loans, in SQL with quoted names and two actions in one statement.

verdict: unsafe
categories: blocking
reason: Its second action adds a CHECK that is validated over all loans under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        'INSERT INTO "library_Loan" (reader, "itemCode", "lentOn", "dueOn", returned) '
        "SELECT 'r' || n, 'i' || n, current_date, current_date + 14, false FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("reader", models.CharField(max_length=40)),
                ("item_code", models.CharField(db_column="itemCode", max_length=40)),
                ("lent_on", models.DateField(db_column="lentOn")),
                ("due_on", models.DateField(db_column="dueOn")),
                ("returned", models.BooleanField(default=False)),
            ],
            options={"db_table": "library_Loan"},
        ),
    ]


class DueAfterLent(migrations.Migration):
    dependencies = [("loan_check_raw_quoted", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                """
                ALTER TABLE ONLY "library_Loan"
                    ALTER COLUMN returned SET DEFAULT false,
                    ADD /* agreed with the librarians */ CONSTRAINT "Loan_due_after_lent"
                        CHECK ("dueOn" >= "lentOn");
                """
            ],
            ['ALTER TABLE "library_Loan" DROP CONSTRAINT "Loan_due_after_lent"'],
        ),
    ]
