"""A field that was taken out of the state a release ago, and whose column stayed, is added again.

verdict: unsafe
categories: fails
reason: The column was never dropped, so ADD COLUMN finds one of that name, with or without rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Campaign",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("budget", models.DecimalField(max_digits=12, decimal_places=2, null=True)),
                ("starts_on", models.DateField()),
            ],
        ),
    ]


class ForgetBudget(migrations.Migration):
    dependencies = [("campaign_budget_comes_back", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[migrations.RemoveField("campaign", "budget")],
        ),
    ]


class BudgetAgain(migrations.Migration):
    dependencies = [("campaign_budget_comes_back", "0002_forget_budget")]
    operations = [
        migrations.AddField(
            "campaign", "budget", models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
        ),
    ]
