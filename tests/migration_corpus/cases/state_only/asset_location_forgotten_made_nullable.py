"""A NOT NULL field is taken out of the state, and its column made nullable in the same step.

verdict: safe
reason: DROP NOT NULL is brief, and then the new release need not fill the column that the deployed
    one still uses.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Asset",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("tag", models.CharField(max_length=20, unique=True)),
                ("location", models.CharField(max_length=60)),
                ("bought_on", models.DateField(null=True)),
                ("price", models.DecimalField(max_digits=10, decimal_places=2, default=0)),
            ],
        ),
    ]


class ForgetLocation(migrations.Migration):
    dependencies = [("asset_location_forgotten_made_nullable", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField("asset", "location", models.CharField(max_length=60, null=True)),
            ],
            state_operations=[migrations.RemoveField("asset", "location")],
        ),
    ]
