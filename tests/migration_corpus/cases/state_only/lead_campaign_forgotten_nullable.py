"""Fields whose columns need no value are taken out of the state alone.

verdict: safe
reason: One column allows NULL and the other has a database default: the new release may leave both
    out, and the deployed one still finds them.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Lead",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("campaign", models.CharField(max_length=40, null=True, blank=True)),
                ("score", models.IntegerField(db_default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class ForgetCampaign(migrations.Migration):
    dependencies = [("lead_campaign_forgotten_nullable", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("lead", "campaign"),
                migrations.RemoveField("lead", "score"),
            ],
        ),
    ]
