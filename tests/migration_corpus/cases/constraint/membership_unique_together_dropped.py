"""unique_together is emptied.

verdict: safe
reason: Dropping the constraint takes a short lock.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Membership",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("club", models.IntegerField()),
                ("person", models.IntegerField()),
            ],
            options={"unique_together": {("club", "person")}},
        ),
    ]


class AllowTwice(migrations.Migration):
    dependencies = [("membership_unique_together_dropped", "0001_initial")]
    operations = [
        migrations.AlterUniqueTogether("membership", set()),
    ]
